//! The windows that the launcher opens itself.

pub(crate) mod game;
pub(crate) mod main;
pub(crate) mod painting;
