//! Long work: one piece at a time, watched, paused, resumed and cancelled.
//!
//! A feature describes what it does as [`Work`] and starts it. [`Jobs`] runs it, whatever it is.

mod control;
mod meter;
mod runner;
mod speed;
mod work;

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

pub(crate) use meter::Meter;
pub(crate) use work::{Progress, Work};

use crate::lease::{Holder, InstallLease};
use crate::recheck::Recheck;
use crate::state_cell::Slice;
use crate::view::{Job, JobState};
use work::{AnyWork, holder};

/// The jobs' part of the state.
#[derive(Default)]
pub(crate) struct JobsState {
    slot: Option<Slot>,
    last_id: u64,
}

impl JobsState {
    pub(crate) fn shown(&self) -> Option<Job> {
        self.slot.as_ref().map(|slot| slot.shown.clone())
    }

    /// What the job that runs holds the lease for. A paused one holds nothing.
    pub(crate) fn holder(&self) -> Option<Holder> {
        let running = self.slot.as_ref().filter(|slot| slot.is_running());
        running.map(|slot| holder(slot.shown.kind))
    }
}

/// The one job there is.
struct Slot {
    shown: Job,
    /// Kept for as long as it may be resumed.
    work: Option<Arc<dyn AnyWork>>,
    /// Stops it; taken by the first caller that does.
    stop: Option<oneshot::Sender<()>>,
    /// What it was stopped for. It may take a while to end, and a pause may become a cancel meanwhile.
    halt: Option<Halt>,
    meter: Arc<Meter>,
}

impl Slot {
    fn is_running(&self) -> bool {
        matches!(self.shown.state, JobState::Running { .. })
    }

    fn is_paused(&self) -> bool {
        self.shown.state == JobState::Paused
    }
}

/// How a stopped job ends. Of two requests the later in this list counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Halt {
    Pause,
    Cancel,
}

/// Starts jobs, and stops the one that runs.
#[derive(Clone)]
pub struct Jobs {
    state: Slice<JobsState>,
    lease: InstallLease,
    recheck: Recheck,
    runtime: Handle,
}

impl Jobs {
    pub(crate) fn new(
        state: Slice<JobsState>,
        lease: InstallLease,
        recheck: Recheck,
        runtime: Handle,
    ) -> Self {
        Self { state, lease, recheck, runtime }
    }
}
