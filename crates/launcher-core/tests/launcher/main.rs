//! The launcher through its public API, against the embedded cloud.
#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod account;
mod clock;
mod folders;
mod installing;
mod jobs;
#[cfg(target_os = "linux")]
mod outside;
mod page_types;
mod person;
mod playing;
mod publishing;
mod scores;
mod self_update;
mod settings;
mod staying;
mod support;
mod world;
