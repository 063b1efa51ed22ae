//! The built programs, called as AWS Lambda calls them: by the runtime API that they ask for work.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
//!
//! AWS is moto, named by `NARU_TEST_MOTO`; `cargo xtask test` starts it. Where it is not named,
//! the tests say so and check nothing.
#![allow(clippy::unwrap_used)]

mod accounts;
mod http_api;
mod kakao;
mod moto;
mod registration;
mod runtime;
mod services;
