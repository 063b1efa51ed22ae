//! Publishing the content of an earlier release again.

use naru_operations::{self as operations, PublishOutcome, proceed};

use super::{PublishContext, Publisher};
use crate::jobs::{Progress, Work};
use crate::problem::confirmed;
use crate::view::{JobKind, Problem};

impl Publisher {
    /// Begins to publish the content of an earlier release again.
    pub fn roll_back(&self, number: u64) -> Result<(), Problem> {
        self.jobs.start(RollBack { context: self.context.clone(), number }).map(drop)
    }
}

struct RollBack {
    context: PublishContext,
    number: u64,
}

impl Work for RollBack {
    type Outcome = PublishOutcome;

    const KIND: JobKind = JobKind::Rollback;
    const CHANGES_OFFER: bool = true;

    async fn carry_out(&self, progress: &Progress) -> Result<PublishOutcome, Problem> {
        let tracker = &progress.tracker;
        let log = self.context.release_log(tracker.clone()).await?;
        // What was compared with the live release says nothing of the next one.
        self.context.forget_comparison();
        // Without notes of its own, it keeps those of the release.
        let rollback = (self.number, "");
        confirmed(operations::roll_back(&log, tracker, rollback, proceed::<_, Problem>).await?)
    }
}
