//! Carrying a job out.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use super::work::holder;
use super::{Halt, Jobs, Meter, Progress, Slot, Work};
use crate::lease::Lease;
use crate::recheck::Check;
use crate::view::{ErrorCode, Job, JobState, Outcome, Problem};

/// How often windows get progress.
const TICK: Duration = Duration::from_millis(100);

/// How work came to its end.
enum Ended<T> {
    Halted,
    Done(Result<T, Problem>),
}

/// A started job. It continues when this is dropped.
pub(crate) struct Running<T>(oneshot::Receiver<Result<T, Problem>>);

impl<T> Running<T> {
    /// Waits for its outcome; `None` if it was paused or cancelled.
    pub(crate) async fn outcome(self) -> Option<Result<T, Problem>> {
        self.0.await.ok()
    }
}

/// One run of a job.
struct Run<W> {
    id: u64,
    work: Arc<W>,
    progress: Progress,
}

impl Jobs {
    /// Starts a job; refused while another one runs, or while the lease that it needs is held.
    pub(crate) fn start<W: Work>(&self, work: W) -> Result<Running<W::Outcome>, Problem> {
        self.begin(Arc::new(work))
    }

    pub(super) fn begin<W: Work>(&self, work: Arc<W>) -> Result<Running<W::Outcome>, Problem> {
        let lease = self.lease.take(holder(W::KIND))?;
        let (stop, stopped) = oneshot::channel();
        let meter = Arc::new(Meter::default());
        // Replaces a paused job: its downloaded data stays in the stage.
        let id = self.state.change(|state| {
            state.last_id += 1;
            let shown = Job::new(state.last_id, W::KIND);
            let (work, meter) = (Arc::clone(&work), Arc::clone(&meter));
            state.slot = Some(Slot { shown, work: Some(work), stop: Some(stop), halt: None, meter });
            state.last_id
        });
        let (jobs, run) = (self.clone(), Run { id, work, progress: Progress::of(meter) });
        let (outcome, running) = oneshot::channel();
        self.runtime.spawn(async move {
            let (ended, lease) = jobs.watch(&run, lease, stopped).await;
            jobs.end(run, ended, lease, outcome);
        });
        Ok(Running(running))
    }

    /// Carries it out on a separate thread, because comparing and hashing block, and shows its progress.
    async fn watch<W: Work>(
        &self,
        run: &Run<W>,
        lease: Lease,
        stopped: oneshot::Receiver<()>,
    ) -> (Ended<W::Outcome>, Option<Lease>) {
        let (work, progress) = (Arc::clone(&run.work), run.progress.clone());
        let runtime = self.runtime.clone();
        let mut thread = spawn_blocking(move || {
            let ended = runtime.block_on(carry_out(&*work, &progress, &lease, stopped));
            (ended, lease)
        });
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                ended = &mut thread => return match ended {
                    Ok((ended, lease)) => (ended, Some(lease)),
                    Err(error) => (crashed(error, &run.progress), None),
                },
                _ = tick.tick() => self.show_progress(run),
            }
        }
    }

    fn show_progress<W: Work>(&self, run: &Run<W>) {
        self.state.change(|state| {
            if let Some(slot) = state.slot.as_mut().filter(|slot| slot.shown.id == run.id) {
                run.progress.meter.show(&mut slot.shown);
            }
        });
    }

    fn end<W: Work>(
        &self,
        run: Run<W>,
        ended: Ended<W::Outcome>,
        lease: Option<Lease>,
        outcome: oneshot::Sender<Result<W::Outcome, Problem>>,
    ) {
        if let Ended::Done(Err(problem)) = &ended {
            tracing::warn!(?problem, kind = ?W::KIND, "a job failed");
        }
        let has_changed_offer = self.state.change(|state| {
            // A watcher of a job's end may begin the next one at once.
            drop(lease);
            let slot = state.slot.as_mut().filter(|slot| slot.shown.id == run.id)?;
            run.progress.meter.show(&mut slot.shown);
            slot.shown.state = ended.shown(slot.halt);
            (slot.shown.bytes_per_second, slot.shown.seconds_left) = (None, None);
            slot.stop = None;
            if !slot.is_paused() {
                slot.work = None;
            }
            Some(matches!(slot.shown.state, JobState::Cancelled | JobState::Done { .. }))
        });
        if W::CHANGES_OFFER && has_changed_offer == Some(true) {
            self.recheck.ask(Check::Game);
        }
        if let Ended::Done(result) = ended {
            // Most jobs are only watched, without a caller that waits.
            outcome.send(result).ok();
        }
    }
}

/// Waits for the folder, works until the end or until it is stopped, and tidies up.
async fn carry_out<W: Work>(
    work: &W,
    progress: &Progress,
    lease: &Lease,
    mut stopped: oneshot::Receiver<()>,
) -> Ended<W::Outcome> {
    let carried = async {
        let _turn = lease.turn().await;
        work.carry_out(progress).await
    };
    let mut ended = tokio::select! {
        biased;
        Ok(()) = &mut stopped => Ended::Halted,
        result = carried => Ended::Done(result),
    };
    // Blocking work may see the stop before this task does, and fail for it.
    if matches!(ended, Ended::Done(Err(_))) && progress.meter.is_stopped() {
        ended = Ended::Halted;
    }
    work.settle(matches!(ended, Ended::Halted)).await;
    ended
}

impl<T: Clone + Into<Outcome>> Ended<T> {
    fn shown(&self, halt: Option<Halt>) -> JobState {
        match self {
            Self::Halted if halt == Some(Halt::Pause) => JobState::Paused,
            Self::Halted => JobState::Cancelled,
            Self::Done(Ok(outcome)) => JobState::Done { outcome: outcome.clone().into() },
            Self::Done(Err(problem)) => JobState::Failed { problem: problem.clone() },
        }
    }
}

fn crashed<T>(error: JoinError, progress: &Progress) -> Ended<T> {
    let changed = progress.tracker.changed().into();
    Ended::Done(Err(Problem { changed, ..Problem::new(ErrorCode::Internal, error) }))
}
