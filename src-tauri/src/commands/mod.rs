//! What the page may ask, one file per noun. There are no rules here: each asks the launcher.

pub mod account;
pub mod folders;
pub mod game;
pub mod job;
pub mod launcher;
pub mod publisher;
pub mod scores;
pub mod settings;

use std::sync::Arc;

use naru_launcher_core::Core;
use tauri::State;

/// The launcher, as a command is handed it.
type Launcher<'a> = State<'a, Arc<Core>>;
