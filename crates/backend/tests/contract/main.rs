//! What every store must do, whatever it is made of.
//!
//! Each behaviour is a function over the ports. [`Stores`] is what a store under test hands in;
//! [`sqlite`] runs all behaviours on SQLite, and another adapter is one more such module.
#![allow(clippy::unwrap_used)]

mod allowance;
mod board;
mod datasets;
mod players;
mod runs;
mod scores;
mod sqlite;
mod statistics;
mod stores;
