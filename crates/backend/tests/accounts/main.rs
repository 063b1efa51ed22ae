//! Logging in over real sockets: at the embedded cloud, and at providers that lie.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod canary;
mod embedded;
mod forged;
mod forger;
mod independent;
mod login;
mod unwell;
