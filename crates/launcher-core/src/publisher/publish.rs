//! Publishing the build folder.

use std::sync::Arc;

use naru_operations::{self as operations, PublishOutcome};
use naru_patcher::{self as patcher, PublishOptions, PublishPlan};

use super::{Compared, PublishContext, Publisher};
use crate::jobs::{Progress, Work};
use crate::view::{ErrorCode, JobKind, Problem, ProblemCode};

impl Publisher {
    /// Begins to publish the build folder, as it was compared last. Refused where it was not, or where
    /// another folder or another channel is chosen by now. A comparison is good for one publish.
    pub fn publish(&self, notes: String) -> Result<(), Problem> {
        patcher::check_notes(&notes).map_err(|error| Problem::new(ErrorCode::BadFormat, error))?;
        let compared = self.context.compared()?;
        self.jobs.start(Publish { context: self.context.clone(), compared, notes })?;
        self.context.forget_comparison();
        Ok(())
    }
}

struct Publish {
    context: PublishContext,
    compared: Arc<Compared>,
    notes: String,
}

impl Work for Publish {
    type Outcome = PublishOutcome;

    const KIND: JobKind = JobKind::Publish;
    const CHANGES_OFFER: bool = true;

    /// Publishes the plan that was looked at: if another publisher was first, the pointer's
    /// condition refuses it.
    async fn carry_out(&self, progress: &Progress) -> Result<PublishOutcome, Problem> {
        let tracker = &progress.tracker;
        let of = &self.compared.of;
        // The channel may have been changed while this was paused.
        if self.context.build()? != *of {
            return Err(not_compared("another build folder or another channel is chosen"));
        }
        let log = self.context.engine.release_log(&of.channel, tracker.clone()).await?;
        let options = PublishOptions { notes: self.notes.clone(), ..PublishOptions::new(&of.folder) };
        let publisher = self.context.engine.publisher(log, options)?;
        let plan = match self.compared.take_plan() {
            Some(plan) => plan,
            None => self.plan_again(&publisher).await?,
        };
        Ok(operations::publish_plan(&publisher, tracker, plan).await?)
    }
}

impl Publish {
    /// The plan after a pause: it knows what was sent before. It is published only where it makes the
    /// release that was looked at.
    async fn plan_again(&self, publisher: &patcher::Publisher) -> Result<PublishPlan, Problem> {
        let plan = publisher.plan().await?;
        if self.compared.is_planned_by(&plan) {
            return Ok(plan);
        }
        Err(not_compared("the build folder or the live release has changed since it was compared"))
    }
}

impl PublishContext {
    /// What was compared of the build that the settings name at this moment.
    fn compared(&self) -> Result<Arc<Compared>, Problem> {
        let of = self.build()?;
        let compared = self.state.read(|state| state.compared.clone());
        let compared = compared.filter(|compared| compared.of == of);
        compared.ok_or_else(|| not_compared("no comparison of this build folder with this channel"))
    }
}

fn not_compared(detail: &str) -> Problem {
    Problem::new(ProblemCode::NotCompared, detail)
}
