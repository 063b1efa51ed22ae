//! What the player has chosen.

mod change;
mod file;
mod folder;
mod mover;
mod moving;

pub use file::chosen_language;
pub(crate) use file::{Moving, SettingsFile, Stored};
pub(crate) use folder::holds_game;
