//! What a player sees of the services, on every host that they run on.
//!
//! A test program that mounts this has a `crate::host::Host`, which starts the services on it and is
//! asked for what no request can bring about: that time passes, and that the consumer of the stream
//! runs. A host that is not there on this machine says so, and its cases check nothing.
//!
//! What only one host has stands beside this folder, not in it.

mod allowances;
mod board;
pub mod bot;
mod client;
mod datasets;
mod forged;
mod honest;
mod problems;
mod runs;
pub mod service;
pub mod tokens;
