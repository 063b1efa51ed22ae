//! Fetching what is damaged.

use naru_operations as operations;
use naru_patcher::Repaired;

use super::{Game, InstalledGame};
use crate::engine::Engine;
use crate::jobs::{Progress, Work};
use crate::view::{JobKind, Problem};

impl Game {
    /// Begins to read every byte of the game and to fetch what is damaged.
    pub fn repair(&self) -> Result<(), Problem> {
        let (installed, engine) = (self.installed.clone(), self.engine.clone());
        self.jobs.start(Repair { installed, engine }).map(drop)
    }
}

struct Repair {
    installed: InstalledGame,
    engine: Engine,
}

impl Work for Repair {
    type Outcome = Repaired;

    const KIND: JobKind = JobKind::Repair;
    const CHANGES_OFFER: bool = true;

    async fn carry_out(&self, progress: &Progress) -> Result<Repaired, Problem> {
        let tracker = &progress.tracker;
        let updater = self.engine.updater(self.installed.install_folder(), tracker.clone())?;
        let repaired = operations::repair(&updater, tracker).await?;
        self.installed.state.change(|state| state.wounds = 0);
        Ok(repaired)
    }

    async fn settle(&self, is_dropped: bool) {
        self.installed.settle(is_dropped).await;
    }
}
