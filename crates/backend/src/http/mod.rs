//! The services over HTTP.

pub mod accounts;
