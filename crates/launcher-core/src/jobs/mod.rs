//! Long work: one piece at a time, watched, paused, resumed and cancelled.

mod control;
mod game;
mod meter;
mod run;
mod speed;

use tokio::sync::{oneshot, watch};

pub(crate) use meter::Meter;

use crate::view::{GameUse, Job, JobKind, JobState};

/// What a job does, with all that is needed to begin it anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Work {
    Update,
    Verify,
    Repair,
    Move { to: std::path::PathBuf },
    Compare,
    Publish { notes: String },
    Rollback { number: u64 },
}

impl Work {
    pub(crate) fn kind(&self) -> JobKind {
        match self {
            Self::Update => JobKind::Update,
            Self::Verify => JobKind::Verify,
            Self::Repair => JobKind::Repair,
            Self::Move { .. } => JobKind::Move,
            Self::Compare => JobKind::Compare,
            Self::Publish { .. } => JobKind::Publish,
            Self::Rollback { .. } => JobKind::Rollback,
        }
    }

    /// Whether it works on the installed game, so that the game must not run meanwhile.
    pub(crate) fn is_on_game(&self) -> bool {
        self.kind().traits().game != GameUse::None
    }
}

/// How a stopped job ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Halt {
    Pause,
    Cancel,
}

/// The one job there is.
pub(crate) struct Slot {
    pub(crate) shown: Job,
    pub(crate) work: Work,
    /// Stops it; taken by whoever has done so.
    pub(crate) stop: Option<oneshot::Sender<Halt>>,
    pub(crate) meter: std::sync::Arc<Meter>,
    /// Tells those who wait for its end.
    pub(crate) ended: watch::Sender<bool>,
}

impl Slot {
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.shown.state, JobState::Running { .. })
    }

    /// Whether it works on the installed game right now.
    pub(crate) fn holds_game(&self) -> bool {
        self.is_running() && self.work.is_on_game()
    }
}
