//! What an earlier launcher has left: a game that still runs, and an update that was cut off.

use tokio::task::spawn_blocking;

use super::play::RunningGame;
use super::state::PlayedGame;
use super::{Game, GameProcessLock, InstalledGame};
use crate::lease::{Holder, InstallLease};
use crate::recheck::Recheck;

/// A game that an earlier launcher has started and that still runs.
pub(crate) struct EarlierGame {
    running: RunningGame,
    lock: GameProcessLock,
}

impl EarlierGame {
    /// Looks for one, before another holder can take the lease.
    pub(crate) fn look(
        lock: &GameProcessLock,
        installed: &InstalledGame,
        lease: &InstallLease,
        recheck: &Recheck,
    ) -> Option<Self> {
        if !lock.is_held() {
            return None;
        }
        tracing::info!("a game that an earlier launcher started still runs");
        let lease = lease.take(Holder::Game).ok()?;
        let running = RunningGame::new(installed.state.clone(), recheck.clone(), lease, PlayedGame::Earlier);
        Some(Self { running, lock: lock.clone() })
    }

    /// Waits for its end; until the answer is dropped the game counts as running.
    async fn ended(self) -> RunningGame {
        self.lock.released().await;
        self.running
    }
}

impl Game {
    /// What the window need not wait for: an update that was cut off is finished, after the end of a
    /// game that an earlier launcher has started, since nothing is updated under it.
    pub(crate) async fn recover(&self, earlier: Option<EarlierGame>) {
        let ended = match earlier {
            Some(earlier) => Some(earlier.ended().await),
            None => None,
        };
        let turn = self.lease.turn().await;
        drop(ended);
        let installed = self.installed.clone();
        let work = move || {
            if let Err(problem) = installed.recover() {
                tracing::warn!(?problem, "an interrupted update could not be finished");
            }
            installed.look_again();
        };
        spawn_blocking(work).await.ok();
        drop(turn);
    }
}
