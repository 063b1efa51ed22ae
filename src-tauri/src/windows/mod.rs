//! The windows, by their labels. What each may ask says `commands/registry.rs`.

pub mod game;
pub mod main;
mod painting;

/// The launcher's own page.
pub const MAIN: &str = "main";

/// A provider's page. It has no right at all.
pub const LOGIN: &str = "login";

/// The game. It has no right at all.
pub const GAME: &str = "game";
