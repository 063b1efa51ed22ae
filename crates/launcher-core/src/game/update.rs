//! Installing the channel's release.

use naru_operations::{self as operations, UpdateOutcome, proceed};

use super::{Game, InstalledGame};
use crate::engine::Engine;
use crate::jobs::{Progress, Work};
use crate::problem::confirmed;
use crate::view::{JobKind, Offer, Problem};

impl Game {
    /// Begins to install the game, or the newer release of it.
    pub fn update(&self) -> Result<(), Problem> {
        let (installed, engine) = (self.installed.clone(), self.engine.clone());
        self.jobs.start(Update { installed, engine }).map(drop)
    }
}

struct Update {
    installed: InstalledGame,
    engine: Engine,
}

impl Work for Update {
    type Outcome = UpdateOutcome;

    const KIND: JobKind = JobKind::Update;
    const CHANGES_OFFER: bool = true;

    async fn carry_out(&self, progress: &Progress) -> Result<UpdateOutcome, Problem> {
        let channel = self.installed.settings.chosen_channel();
        let tracker = &progress.tracker;
        let updater = self.engine.updater(self.installed.install_folder(), tracker.clone())?;
        let outcome = confirmed(operations::update(&updater, tracker, proceed::<_, Problem>).await?)?;
        self.installed.state.change(|state| {
            state.wounds = 0;
            state.take_answer(channel, Offer::UpToDate);
        });
        Ok(outcome)
    }

    async fn settle(&self, is_dropped: bool) {
        self.installed.settle(is_dropped).await;
    }
}
