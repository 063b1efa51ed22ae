//! Logging in over real sockets: at the embedded cloud, and at providers that lie. `crates/lambda/tests`
//! has the same [`cases`] on the function `accounts`.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod canary;
mod cases;
mod facebook;
mod forged;
mod forger;
mod independent;
mod login_host;
mod rows;
mod unwell;
