//! Comparing the build folder with the live release.

use std::path::PathBuf;
use std::sync::Arc;

use naru_patcher::{Change, ChangeKind, PublishPlan};

use crate::core::Core;
use crate::jobs::{Meter, Slot, Work};
use crate::view::{
    Build, BuildChange, BuildChangeKind, Job, JobState, Outcome, Prediction, Problem, ProblemCode,
};

/// Older releases that a publisher is told the cost of.
const PREDICTED: usize = 5;

impl Core {
    /// Compares the build folder with the live release, and says what players would fetch. It is a
    /// job like others; what it has found is what [`Core::publish`] publishes.
    pub async fn compare_build(self: &Arc<Self>) -> Result<Build, Problem> {
        let mut ended = self.begin_work(Work::Compare)?;
        // The sender lives in the job; where another job has taken its place, there is nothing to tell.
        ended.wait_for(|ended| *ended).await.ok();
        self.read(|state| {
            let compared = state.compared.as_ref().map(|compared| compared.build.clone());
            match &state.job {
                Some(Slot {
                    work: Work::Compare,
                    shown: Job { state: JobState::Failed { problem }, .. },
                    ..
                }) => Err(problem.clone()),
                _ => {
                    compared.ok_or_else(|| Problem::new(ProblemCode::NotFound, "the comparison was stopped"))
                }
            }
        })
    }

    pub(crate) async fn compare(&self, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        self.change(|state| state.compared = None);
        let folder = self.build_folder()?;
        let publisher = self.publisher(folder.clone(), "", meter.clone()).await?;
        let plan = publisher.plan().await?;
        let predictions = publisher.predict(&plan, PREDICTED).await?;
        let live = plan.live;
        let predictions = predictions.into_iter().map(Prediction::from).collect();
        let build = Build { predictions, ..shown(&folder, &plan) };
        self.change(|state| state.compared = Some(Compared { build, plan }));
        Ok(Outcome { release: live, travelled_bytes: 0, wounds: 0, kept: Vec::new() })
    }

    pub(super) fn build_folder(&self) -> Result<PathBuf, Problem> {
        let missing = || Problem::new(ProblemCode::NotFound, "no build folder is chosen");
        self.read(|state| state.settings.build_folder.clone()).ok_or_else(missing)
    }
}

/// A build that the publisher has looked at.
pub(crate) struct Compared {
    pub(crate) build: Build,
    pub(crate) plan: PublishPlan,
}

fn shown(folder: &std::path::Path, plan: &PublishPlan) -> Build {
    Build {
        folder: folder.to_string_lossy().into_owned(),
        live: plan.live,
        next: plan.next,
        files: plan.files,
        bytes: plan.bytes,
        upload_bytes: plan.upload_bytes,
        is_live: plan.is_empty(),
        changes: plan.changes.iter().map(BuildChange::from).collect(),
        predictions: Vec::new(),
    }
}

impl From<&Change> for BuildChange {
    fn from(change: &Change) -> Self {
        let (kind, from) = match &change.kind {
            ChangeKind::New => (BuildChangeKind::New, None),
            ChangeKind::Changed => (BuildChangeKind::Changed, None),
            ChangeKind::Moved { from } => (BuildChangeKind::Moved, Some(from.to_string())),
            ChangeKind::Deleted => (BuildChangeKind::Deleted, None),
            ChangeKind::Mode => (BuildChangeKind::Mode, None),
        };
        Self { kind, path: change.path.to_string(), from, bytes: change.size }
    }
}

impl From<naru_patcher::Prediction> for Prediction {
    fn from(prediction: naru_patcher::Prediction) -> Self {
        let naru_patcher::Prediction { from, files, bytes } = prediction;
        Self { from, files, bytes }
    }
}
