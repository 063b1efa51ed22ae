//! All tests that need a server, in one binary.
//!
//! `NARU_TEST_S3_ENDPOINT` names an S3 server besides the local cloud, for example that of
//! `moto_server -H 127.0.0.1 -p 5000`.
#![allow(clippy::unwrap_used)]

mod behaviour;
mod buckets;
mod contract;
mod edge;
mod edge_faults;
mod parts;
mod s3_faults;
