//! Comparing every file with the release.

use naru_operations as operations;
use naru_patcher::Verification;

use super::{Game, InstalledGame};
use crate::jobs::{Progress, Work};
use crate::view::{JobKind, Problem};

impl Game {
    /// Begins to read every byte of the game. Needs no server.
    pub fn verify(&self) -> Result<(), Problem> {
        self.jobs.start(Verify { installed: self.installed.clone() }).map(drop)
    }
}

struct Verify {
    installed: InstalledGame,
}

impl Work for Verify {
    type Outcome = Verification;

    const KIND: JobKind = JobKind::Verify;
    const CHANGES_OFFER: bool = false;

    async fn carry_out(&self, progress: &Progress) -> Result<Verification, Problem> {
        let tracker = &progress.tracker;
        let found = operations::verify(&self.installed.install_folder(), tracker).await?;
        self.installed.state.change(|state| state.wounds = found.wounds.len() as u64);
        Ok(found)
    }

    async fn settle(&self, is_dropped: bool) {
        self.installed.settle(is_dropped).await;
    }
}
