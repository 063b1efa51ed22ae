//! Comparing the build folder with the live release.

use std::path::Path;
use std::sync::Arc;

use naru_patcher::{Change, ChangeKind, PublishOptions, PublishPlan};

use super::{Compared, PublishContext, Publisher};
use crate::jobs::{Progress, Work};
use crate::view::{Build, BuildChange, BuildChangeKind, ErrorCode, JobKind, Prediction, Problem};

/// Older releases whose download size is predicted for the publisher.
const PREDICTED: usize = 5;

impl Publisher {
    /// Compares the build folder with the live release, and says what players would fetch. It is a
    /// job like others; what it has found, and nothing else, is what [`Publisher::publish`] publishes.
    pub async fn compare(&self) -> Result<Build, Problem> {
        let running = self.jobs.start(Compare { context: self.context.clone() })?;
        let stopped = || Problem::new(ErrorCode::NotFound, "the comparison was stopped");
        running.outcome().await.ok_or_else(stopped)?
    }
}

struct Compare {
    context: PublishContext,
}

impl Work for Compare {
    type Outcome = Build;

    const KIND: JobKind = JobKind::Compare;
    const CHANGES_OFFER: bool = false;

    async fn carry_out(&self, progress: &Progress) -> Result<Build, Problem> {
        self.context.forget_comparison();
        let of = self.context.build()?;
        let log = self.context.engine.release_log(&of.channel, progress.tracker.clone()).await?;
        let publisher = self.context.engine.publisher(log, PublishOptions::new(&of.folder))?;
        let plan = publisher.plan().await?;
        let predictions = publisher.predict(&plan, PREDICTED).await?;
        let predictions = predictions.into_iter().map(Prediction::from).collect();
        let build = Build { predictions, ..shown(&of.folder, &plan) };
        let compared = Compared::new(of, plan);
        self.context.state.change(|state| state.compared = Some(Arc::new(compared)));
        Ok(build)
    }
}

fn shown(folder: &Path, plan: &PublishPlan) -> Build {
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
