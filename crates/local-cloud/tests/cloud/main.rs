//! The local cloud through the clients that its users have: the AWS SDKs and reqwest.
#![allow(clippy::unwrap_used)]

mod as_aws;
mod cloudfront;
mod edge;
mod foreign;
mod identity;
mod integrity;
mod lifecycle;
mod listings;
mod login;
mod multipart;
mod objects;
mod services;
mod support;
mod user_pool;
