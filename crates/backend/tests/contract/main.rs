//! What every store must do, whatever it is made of.
//!
//! Each behaviour is a function over the traits of the stores; [`suite`] lists them. [`Stores`](stores::Stores) is
//! what a store under test hands in: [`sqlite`], and [`dynamodb`] on two servers that others wrote.
#![allow(clippy::unwrap_used)]

mod accounts;
mod allowances;
mod board;
mod dynamodb;
mod player_data;
mod playing;
mod runs;
mod scores;
mod sqlite;
mod statistics;
mod stores;
mod suite;
