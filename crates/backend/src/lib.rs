//! The game services: rules, ports, adapters and one router.
//!
//! `domain` knows the rules and does no I/O, `ports` says what the rules need from the world,
//! `adapters` gives it, `http` speaks to clients. [`Accounts`] is the login over the ports.

mod accounts;
pub mod adapters;
pub mod domain;
pub mod http;
pub mod ports;

pub use accounts::Accounts;
