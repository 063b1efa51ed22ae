//! What a job does.

use std::sync::Arc;

use naru_operations::Tracker;

use super::{Jobs, Meter};
use crate::lease::Holder;
use crate::view::{GameUse, JobKind, Outcome, Problem};

/// What watches one run of a job.
#[derive(Clone)]
pub(crate) struct Progress {
    /// Counts progress, for windows.
    pub(crate) meter: Arc<Meter>,
    /// Knows what an operation has changed; passes its progress on to the meter.
    pub(crate) tracker: Arc<Tracker>,
}

impl Progress {
    pub(super) fn of(meter: Arc<Meter>) -> Self {
        let tracker = Arc::new(Tracker::new(meter.clone()));
        Self { meter, tracker }
    }
}

/// A piece of long work, with all that is needed to begin it anew.
pub(crate) trait Work: Send + Sync + 'static {
    /// Its outcome.
    type Outcome: Clone + Into<Outcome> + Send + 'static;

    const KIND: JobKind;
    /// Whether the server has another answer for this launcher once it is done.
    const CHANGES_OFFER: bool;

    /// Carries it out, on a thread that may be blocked. Dropped midway where the job is stopped.
    fn carry_out(&self, progress: &Progress) -> impl Future<Output = Result<Self::Outcome, Problem>>;

    /// Brings what is shown in line with what is there, however the work came to its end; `is_dropped`
    /// says that it was dropped midway.
    fn settle(&self, _is_dropped: bool) -> impl Future<Output = ()> {
        std::future::ready(())
    }
}

/// What a job holds the lease of the install folder for.
pub(super) fn holder(kind: JobKind) -> Holder {
    match kind.traits().game {
        GameUse::None => Holder::PublisherJob,
        GameUse::Reads | GameUse::Changes => Holder::Job,
    }
}

/// Work whose outcome is not awaited, as a slot keeps it.
pub(super) trait AnyWork: Send + Sync {
    fn start_again(self: Arc<Self>, jobs: &Jobs) -> Result<(), Problem>;
    fn changes_offer(&self) -> bool;
}

impl<W: Work> AnyWork for W {
    fn start_again(self: Arc<Self>, jobs: &Jobs) -> Result<(), Problem> {
        jobs.begin(self).map(drop)
    }

    fn changes_offer(&self) -> bool {
        W::CHANGES_OFFER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_game_is_played_beside_the_publishers_jobs_alone() {
        let beside = |kind: &JobKind| Holder::Game.waits_for(&[holder(*kind)]).next().is_none();
        let kinds: Vec<JobKind> = JobKind::ALL.into_iter().filter(beside).collect();
        assert_eq!(kinds, [JobKind::Compare, JobKind::Publish, JobKind::Rollback]);
    }
}
