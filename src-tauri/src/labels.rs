//! The labels of the windows. What each may ask says `commands/registry.rs`.

/// The launcher's own page.
pub(crate) const MAIN: &str = "main";

/// A provider's page. It has no right at all.
pub(crate) const LOGIN: &str = "login";

/// The game. It has no right at all.
pub(crate) const GAME: &str = "game";
