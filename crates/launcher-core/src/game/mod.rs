//! The installed game: what the server offers, the jobs on it, where it is, and playing it.

mod action;
mod check;
mod files;
mod folder;
mod installed;
mod installed_game;
mod move_install;
mod mover;
mod native;
mod play;
mod process_lock;
mod recover;
mod repair;
mod state;
mod update;
mod verify;

use naru_brand::Start;
use tokio::runtime::Handle;

pub use files::GameFile;
pub(crate) use folder::install_folder;
pub(crate) use installed::followed_channel;
pub(crate) use installed_game::InstalledGame;
pub(crate) use native::NativeGame;
pub use play::Playing;
pub(crate) use process_lock::GameProcessLock;
pub(crate) use recover::EarlierGame;
pub(crate) use state::GameState;

use crate::engine::Engine;
use crate::jobs::Jobs;
use crate::lease::InstallLease;
use crate::recheck::Recheck;

/// The installed game.
pub struct Game {
    pub(crate) installed: InstalledGame,
    pub(crate) engine: Engine,
    pub(crate) jobs: Jobs,
    pub(crate) lease: InstallLease,
    pub(crate) recheck: Recheck,
    pub(crate) runtime: Handle,
    /// How it is started.
    pub(crate) start: Start,
    pub(crate) native: NativeGame,
}

impl Game {
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }
}
