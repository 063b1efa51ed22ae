//! The engine through its public API, against a store in memory.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod client_2017;
mod cycle;
mod names;
mod players_files;
mod publishing;
mod world;
