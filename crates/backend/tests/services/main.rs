//! The services over a real socket, with SQLite behind them.
#![allow(clippy::unwrap_used)]

mod board;
mod bot;
mod client;
mod datasets;
mod engine;
mod forged;
mod honest;
mod openapi;
mod problems;
mod runs;
mod server;
