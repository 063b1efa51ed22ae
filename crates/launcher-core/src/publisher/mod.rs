//! The publisher's part.

mod access;
mod compare;
mod publish;
mod releases;
mod roll_back;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use aws_config::SdkConfig;
use naru_patcher::{ProgressSink, PublishPlan, ReleaseLog};
use naru_protocol::Manifest;

use crate::engine::Engine;
use crate::game::InstalledGame;
use crate::jobs::Jobs;
use crate::state_cell::Slice;
use crate::view::{ErrorCode, Problem, PublisherAccess};

/// The publisher's part of the state.
pub(crate) struct PublisherState {
    access: PublisherAccess,
    compared: Option<Arc<Compared>>,
}

impl PublisherState {
    pub(crate) fn new(access: PublisherAccess) -> Self {
        Self { access, compared: None }
    }

    pub(crate) fn shown(&self) -> PublisherAccess {
        self.access.clone()
    }
}

/// What the publisher has looked at: nothing else is published.
struct Compared {
    of: BuildOf,
    live: Option<u64>,
    content: Manifest,
    /// Good for one try, since the store is changed by it.
    plan: Mutex<Option<PublishPlan>>,
}

impl Compared {
    fn new(of: BuildOf, plan: PublishPlan) -> Self {
        let (live, content) = (plan.live, plan.manifest().clone());
        Self { of, live, content, plan: Mutex::new(Some(plan)) }
    }

    fn take_plan(&self) -> Option<PublishPlan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether another plan makes the same release from the same live one.
    fn is_planned_by(&self, plan: &PublishPlan) -> bool {
        // An earlier try may have been stopped just after the release went live.
        let is_base = plan.live == self.live || plan.is_empty();
        is_base && *plan.manifest() == self.content
    }
}

/// Of what a plan was made. For another folder or another channel it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BuildOf {
    folder: PathBuf,
    channel: String,
}

/// Compares, publishes and goes back.
pub struct Publisher {
    context: PublishContext,
    jobs: Jobs,
    /// Whether there is a bucket to publish to.
    is_configured: bool,
    aws: Option<SdkConfig>,
}

/// What the publisher's jobs share.
#[derive(Clone)]
struct PublishContext {
    state: Slice<PublisherState>,
    engine: Engine,
    /// For the line of releases that is followed.
    installed: InstalledGame,
}

impl Publisher {
    pub(crate) fn new(
        state: Slice<PublisherState>,
        engine: Engine,
        installed: InstalledGame,
        jobs: Jobs,
        aws: Option<SdkConfig>,
    ) -> Self {
        let is_configured = state.read(|state| state.access.bucket.is_some());
        Self { context: PublishContext { state, engine, installed }, jobs, is_configured, aws }
    }
}

impl PublishContext {
    async fn release_log(&self, progress: Arc<dyn ProgressSink>) -> Result<ReleaseLog, Problem> {
        self.engine.release_log(&self.installed.channel(), progress).await
    }

    /// The build that the settings name at this moment.
    fn build(&self) -> Result<BuildOf, Problem> {
        let missing = || Problem::new(ErrorCode::NotFound, "no build folder is chosen");
        let folder = self.installed.settings.build_folder().ok_or_else(missing)?;
        Ok(BuildOf { folder, channel: self.installed.channel() })
    }

    fn forget_comparison(&self) {
        self.state.change(|state| state.compared = None);
    }
}
