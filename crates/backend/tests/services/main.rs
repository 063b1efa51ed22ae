//! The services over a real socket: on `axum::serve` and SQLite here, and the same [`cases`] on the
//! functions and DynamoDB in `crates/lambda/tests`.
#![allow(clippy::unwrap_used)]

mod cases;
mod engine;
mod feeder;
mod host;
mod names;
mod openapi;
mod ranks;
mod router;
