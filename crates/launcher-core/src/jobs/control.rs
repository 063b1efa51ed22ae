//! Beginning, pausing, resuming, cancelling and putting away.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::{Halt, Meter, Slot, Work};
use crate::core::Core;
use crate::state::State;
use crate::view::{Job, JobKind, JobState, Problem, ProblemCode};

impl Core {
    /// Begins an update, a verification or a repair.
    pub fn begin(self: &Arc<Self>, kind: JobKind) -> Result<(), Problem> {
        let work = match kind {
            JobKind::Update => Work::Update,
            JobKind::Verify => Work::Verify,
            JobKind::Repair => Work::Repair,
            other => {
                let detail = format!("{other:?} is begun with what it is about");
                return Err(Problem::new(ProblemCode::Forbidden, detail));
            }
        };
        self.begin_work(work).map(drop)
    }

    /// Begins any work; the answer tells of its end.
    pub(crate) fn begin_work(self: &Arc<Self>, work: Work) -> Result<watch::Receiver<bool>, Problem> {
        let (stop, stopped) = oneshot::channel();
        let meter = Arc::new(Meter::default());
        let (id, ended) = self.change(|state| {
            check_free(state, &work)?;
            state.last_job += 1;
            let (ended, watcher) = watch::channel(false);
            let shown = Job::new(state.last_job, work.kind());
            state.job =
                Some(Slot { shown, work: work.clone(), stop: Some(stop), meter: Arc::clone(&meter), ended });
            if work.is_on_game() {
                // The question that is under way gives the folder free.
                state.checking = None;
            }
            Ok::<_, Problem>((state.last_job, watcher))
        })?;
        self.run(id, work, meter, stopped);
        Ok(ended)
    }

    /// Stops the work; what has arrived is kept, and [`Core::resume`] goes on with it.
    pub fn pause(self: &Arc<Self>) -> Result<(), Problem> {
        self.halt(Halt::Pause)
    }

    /// Goes on with what was paused.
    pub fn resume(self: &Arc<Self>) -> Result<(), Problem> {
        let paused = self.read(|state| match &state.job {
            Some(slot) if slot.shown.state == JobState::Paused => Some(slot.work.clone()),
            _ => None,
        });
        let work = paused.ok_or_else(|| Problem::new(ProblemCode::NotFound, "nothing is paused"))?;
        self.begin_work(work).map(drop)
    }

    /// Stops the work for good. What has arrived stays in the stage, where the next update finds it.
    pub fn cancel(self: &Arc<Self>) -> Result<(), Problem> {
        let was_paused = self.change(|state| match &mut state.job {
            Some(slot) if slot.shown.state == JobState::Paused => {
                slot.shown.state = JobState::Cancelled;
                Some(slot.work.clone())
            }
            _ => None,
        });
        match was_paused {
            Some(work) => {
                self.check_after(&work);
                Ok(())
            }
            None => self.halt(Halt::Cancel),
        }
    }

    /// Puts away a job that has ended.
    pub fn dismiss(self: &Arc<Self>) -> Result<(), Problem> {
        self.change(|state| match &state.job {
            Some(slot) if slot.is_running() || slot.shown.state == JobState::Paused => {
                Err(Problem::plain(ProblemCode::JobRunning))
            }
            _ => {
                state.job = None;
                Ok(())
            }
        })
    }

    fn halt(&self, halt: Halt) -> Result<(), Problem> {
        self.change(|state| {
            let slot = state.job.as_mut().filter(|slot| slot.is_running());
            let slot = slot.ok_or_else(|| Problem::new(ProblemCode::NotFound, "no work is under way"))?;
            if slot.shown.state == (JobState::Running { stoppable: false }) {
                let detail = "files are being put in place";
                return Err(Problem::new(ProblemCode::JobRunning, detail));
            }
            // A second click finds it taken, and asks for what is done already.
            if let Some(stop) = slot.stop.take() {
                stop.send(halt).ok();
                slot.meter.stop();
            }
            Ok(())
        })
    }
}

fn check_free(state: &State, work: &Work) -> Result<(), Problem> {
    if state.is_playing() && work.is_on_game() {
        return Err(Problem::plain(ProblemCode::GameRunning));
    }
    match &state.job {
        _ if state.newer_launcher.is_installing() => Err(Problem::plain(ProblemCode::JobRunning)),
        Some(slot) if slot.is_running() => Err(Problem::plain(ProblemCode::JobRunning)),
        // Other work takes the place of what is paused: what has arrived lies in the stage all the same.
        _ => Ok(()),
    }
}
