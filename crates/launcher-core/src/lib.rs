//! The launcher without a window.
//!
//! [`view`] is what a window shows and asks, in one shape for IPC, events and tests; the page's types
//! are generated from it.

pub mod view;
