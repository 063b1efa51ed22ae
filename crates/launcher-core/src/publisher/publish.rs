//! Publishing the build folder.

use naru_operations::{self as operations, PublishOutcome, proceed};
use naru_patcher::{PublishOptions, PublishPlan};

use super::{BuildOf, PublishContext, Publisher};
use crate::jobs::{Progress, Work};
use crate::problem::confirmed;
use crate::view::{ErrorCode, JobKind, Problem};

impl Publisher {
    /// Begins to publish the build folder, as it was compared last.
    pub fn publish(&self, notes: String) -> Result<(), Problem> {
        naru_patcher::check_notes(&notes).map_err(|error| Problem::new(ErrorCode::BadFormat, error))?;
        self.context.build()?;
        self.jobs.start(Publish { context: self.context.clone(), notes }).map(drop)
    }
}

struct Publish {
    context: PublishContext,
    notes: String,
}

impl Work for Publish {
    type Outcome = PublishOutcome;

    const KIND: JobKind = JobKind::Publish;
    const CHANGES_OFFER: bool = true;

    /// Publishes the plan that was looked at: if another publisher was first, the pointer's
    /// condition refuses it. Without one, the build is compared now.
    async fn carry_out(&self, progress: &Progress) -> Result<PublishOutcome, Problem> {
        let tracker = &progress.tracker;
        let of = self.context.build()?;
        let log = self.context.engine.release_log(&of.channel, tracker.clone()).await?;
        let options = PublishOptions { notes: self.notes.clone(), ..PublishOptions::new(&of.folder) };
        let publisher = self.context.engine.publisher(log, options)?;
        match self.context.take_plan(&of) {
            Some(plan) => Ok(operations::publish_plan(&publisher, tracker, plan).await?),
            None => confirmed(operations::publish(&publisher, tracker, proceed::<_, Problem>).await?),
        }
    }
}

impl PublishContext {
    /// The plan of this build, where it was compared. It is good for one try.
    fn take_plan(&self, of: &BuildOf) -> Option<PublishPlan> {
        let compared = self.state.change(|state| state.compared.take());
        compared.filter(|compared| compared.of == *of).map(|compared| compared.plan)
    }
}
