//! Publishing the build folder, and an earlier release again.

use std::sync::Arc;

use naru_patcher::Published;
use tokio::sync::watch;

use crate::core::Core;
use crate::jobs::{Meter, Work};
use crate::view::{Outcome, Problem, ProblemCode};

impl Core {
    /// Begins to publish the build folder, as it was compared last.
    pub fn publish(self: &Arc<Self>, notes: String) -> Result<(), Problem> {
        naru_patcher::check_notes(&notes).map_err(|error| Problem::new(ProblemCode::BadFormat, error))?;
        self.build_folder()?;
        self.begin_work(Work::Publish { notes }).map(drop::<watch::Receiver<bool>>)
    }

    /// Begins to publish the content of an earlier release again.
    pub fn roll_back(self: &Arc<Self>, number: u64) -> Result<(), Problem> {
        self.begin_work(Work::Rollback { number }).map(drop::<watch::Receiver<bool>>)
    }

    /// Publishes the plan that was looked at: if somebody was first meanwhile, the pointer's
    /// condition refuses it. Without one, the build is compared now.
    pub(crate) async fn publish_build(&self, notes: &str, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let publisher = self.publisher(self.build_folder()?, notes, meter.clone()).await?;
        let compared = self.change(|state| state.compared.take());
        let plan = match compared {
            Some(compared) => compared.plan,
            None => publisher.plan().await?,
        };
        Ok(published(&publisher.publish(plan).await?))
    }

    pub(crate) async fn publish_again(&self, number: u64, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let log = self.release_log(meter.clone()).await?;
        self.change(|state| state.compared = None);
        let plan = log.plan_rollback(number, "").await?;
        Ok(published(&log.roll_back(plan).await?))
    }
}

fn published(published: &Published) -> Outcome {
    let (release, travelled_bytes) = (Some(published.number), published.uploaded_bytes);
    Outcome { release, travelled_bytes, wounds: 0, kept: Vec::new() }
}
