//! Playing: what is opened, what the game may read, and when it has ended.

use std::sync::Arc;

use naru_brand::Start;
use naru_patcher::GameFiles;
use tokio::task::spawn_blocking;

use super::Game;
use super::state::{GameState, PlayedGame};
use crate::lease::{Holder, Lease};
use crate::recheck::{Check, Recheck};
use crate::state_cell::Slice;
use crate::view::{ErrorCode, Problem};

/// A game that runs. A web game ends when this is dropped; a native one when its last process ends,
/// whatever becomes of this.
#[must_use = "a web game ends when this is dropped"]
pub struct Playing {
    _web: Option<RunningGame>,
}

/// The game counts as running, and holds the install folder, as long as this lives.
pub(crate) struct RunningGame {
    state: Slice<GameState>,
    recheck: Recheck,
    lease: Option<Lease>,
}

impl RunningGame {
    pub(super) fn new(state: Slice<GameState>, recheck: Recheck, lease: Lease, game: PlayedGame) -> Self {
        state.change(|state| state.playing = Some(game));
        Self { state, recheck, lease: Some(lease) }
    }
}

impl Drop for RunningGame {
    fn drop(&mut self) {
        let lease = self.lease.take();
        self.state.change(|state| {
            // A watcher of the game's end may start work on it at once.
            drop(lease);
            state.playing = None;
        });
        // No check was made while the game ran.
        self.recheck.ask(Check::All);
    }
}

impl Game {
    /// How the game is started: a page to show, or a program that [`Game::play`] starts.
    pub fn kind(&self) -> &Start {
        &self.start
    }

    /// Begins to play what is installed: without a server, also after an update that failed. An
    /// update that was cut off while files were being put in place is finished first. From here on
    /// no work on the game is begun.
    pub async fn play(&self) -> Result<Playing, Problem> {
        let lease = self.lease.take(Holder::Game)?;
        let files = Arc::new(self.make_ready(&lease).await?);
        let played = PlayedGame::Ours(Arc::clone(&files));
        let running = RunningGame::new(self.installed.state.clone(), self.recheck.clone(), lease, played);
        match &self.start {
            Start::Web { .. } => Ok(Playing { _web: Some(running) }),
            Start::Native { executable, arguments } => {
                self.native.start((executable, arguments), files, running).await?;
                Ok(Playing { _web: None })
            }
        }
    }

    /// Takes as long as an interrupted update takes to be finished.
    async fn make_ready(&self, lease: &Lease) -> Result<GameFiles, Problem> {
        // A game between two releases is neither of them.
        let turn = if self.installed.is_midway() { lease.turn().await } else { None };
        let installed = self.installed.clone();
        let open = move || {
            if turn.is_some() {
                installed.recover()?;
                installed.look_again();
            }
            Ok(GameFiles::open(&installed.folder())?)
        };
        spawn_blocking(open).await.map_err(|error| Problem::new(ErrorCode::Internal, error))?
    }
}
