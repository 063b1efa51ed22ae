//! The built programs, called as AWS Lambda calls them: by the runtime API that they ask for work.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
//!
//! The cases of the services and of the login are those that `crates/backend/tests` has on
//! `axum::serve`; here an HTTP API of the tests stands before the functions ([`gateway`]). Beside them
//! stands what only a function can show.
//!
//! AWS is moto, named by `NARU_TEST_MOTO`; `cargo xtask test` starts it. Where it is not named,
//! the tests say so and check nothing.
#![allow(clippy::unwrap_used)]

mod accounts;
mod gateway;
mod host;
mod http_api;
mod kakao;
mod login_host;
mod moto;
mod registration;
mod rights;
mod runtime;
mod services;

#[path = "../../../backend/tests/services/cases/mod.rs"]
mod cases;

#[path = "../../../backend/tests/accounts/cases/mod.rs"]
#[allow(dead_code, reason = "here nobody looks for secrets in the cloud's files")]
mod login_cases;

#[path = "../../../backend/tests/contract/dynamodb/stream_records.rs"]
mod stream_records;

#[path = "../../../backend/tests/contract/dynamodb/tables.rs"]
#[allow(dead_code, reason = "here nobody asks which tables forget")]
mod tables;
