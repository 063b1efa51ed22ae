//! Pausing, resuming, cancelling and putting away.

use super::{Halt, Jobs};
use crate::recheck::Check;
use crate::view::{ErrorCode, JobState, Problem, ProblemCode};

impl Jobs {
    /// Stops the job; downloaded data is kept, and [`Jobs::resume`] continues with it.
    pub fn pause(&self) -> Result<(), Problem> {
        self.halt(Halt::Pause)
    }

    /// Goes on with what was paused.
    pub fn resume(&self) -> Result<(), Problem> {
        let paused = self.state.read(|state| {
            let slot = state.slot.as_ref().filter(|slot| slot.is_paused());
            slot.and_then(|slot| slot.work.clone())
        });
        let work = paused.ok_or_else(|| Problem::new(ErrorCode::NotFound, "nothing is paused"))?;
        work.start_again(self)
    }

    /// Stops the job for good. What has arrived stays in the stage, where the next update finds it.
    pub fn cancel(&self) -> Result<(), Problem> {
        let was_paused = self.state.change(|state| {
            let slot = state.slot.as_mut().filter(|slot| slot.is_paused())?;
            slot.shown.state = JobState::Cancelled;
            slot.work.take()
        });
        let Some(work) = was_paused else {
            return self.halt(Halt::Cancel);
        };
        if work.changes_offer() {
            self.recheck.ask(Check::Game);
        }
        Ok(())
    }

    /// Puts away a job that has ended.
    pub fn dismiss(&self) -> Result<(), Problem> {
        self.state.change(|state| match &state.slot {
            Some(slot) if slot.is_running() || slot.is_paused() => {
                Err(Problem::plain(ProblemCode::JobRunning))
            }
            _ => {
                state.slot = None;
                Ok(())
            }
        })
    }

    fn halt(&self, halt: Halt) -> Result<(), Problem> {
        self.state.change(|state| {
            let slot = state.slot.as_mut().filter(|slot| slot.is_running());
            let slot = slot.ok_or_else(|| Problem::new(ErrorCode::NotFound, "no work is under way"))?;
            if !slot.meter.stop() {
                // Between two releases there is nothing to come back to, and nothing to play.
                let detail = "files are being put in place";
                return Err(Problem::new(ProblemCode::JobRunning, detail));
            }
            slot.halt = slot.halt.max(Some(halt));
            if let Some(stop) = slot.stop.take() {
                stop.send(()).ok();
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::runtime::Handle;
    use tokio::sync::Notify;
    use tokio::time::timeout;

    use super::Jobs;
    use crate::jobs::{JobsState, Progress, Work};
    use crate::lease::InstallLease;
    use crate::recheck::Recheck;
    use crate::state_cell::{Events, State, StateCell};
    use crate::view::{Job, JobKind, JobState, Outcome, Problem};

    impl State for JobsState {
        type Shown = Option<Job>;
        type Event = ();

        fn shown(&self) -> Option<Job> {
            self.shown()
        }

        fn events(_: &Option<Job>, _: &Option<Job>) -> Vec<()> {
            Vec::new()
        }
    }

    /// Work without an end, which settles when it is told to.
    #[derive(Default)]
    struct Slow {
        settles: Arc<Notify>,
        may_end: Arc<Notify>,
    }

    impl Work for Slow {
        type Outcome = Outcome;

        const KIND: JobKind = JobKind::Verify;
        const CHANGES_OFFER: bool = false;

        async fn carry_out(&self, _: &Progress) -> Result<Outcome, Problem> {
            std::future::pending().await
        }

        async fn settle(&self, _: bool) {
            self.settles.notify_one();
            self.may_end.notified().await;
        }
    }

    /// Starts it, pauses it, and asks for more while the pause settles; answers how it ends.
    async fn end_after_pause(ask: impl FnOnce(&Jobs)) -> JobState {
        let (events, _kept) = tokio::sync::mpsc::unbounded_channel();
        let cell = StateCell::new(JobsState::default(), Events::new(events));
        let state = cell.slice(|state| state, |state| state);
        let (recheck, _checks) = Recheck::channel();
        let jobs = Jobs::new(state, InstallLease::default(), recheck, Handle::current());
        let work = Slow::default();
        let (settles, may_end) = (Arc::clone(&work.settles), Arc::clone(&work.may_end));
        let running = jobs.start(work).expect("nothing else runs");
        jobs.pause().expect("it runs");
        settles.notified().await;
        ask(&jobs);
        may_end.notify_one();
        let ended = timeout(Duration::from_secs(60), running.outcome()).await.expect("it ends");
        assert_eq!(ended, None, "without an outcome");
        cell.shown().expect("the job").state
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_cancel_while_a_pause_settles_counts() {
        let ended = end_after_pause(|jobs| jobs.cancel().expect("it has not ended")).await;
        assert_eq!(ended, JobState::Cancelled);
        let ended = end_after_pause(|jobs| {
            jobs.cancel().expect("it has not ended");
            jobs.pause().expect("it has not ended");
        });
        assert_eq!(ended.await, JobState::Cancelled, "for good");
        assert_eq!(end_after_pause(|_| ()).await, JobState::Paused);
    }
}
