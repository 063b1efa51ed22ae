//! What tests share with `cargo xtask`: reading the workspace's own sources.

pub mod structure;
