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
            if slot.shown.state == (JobState::Running { stoppable: false }) {
                // Between two releases there is nothing to come back to, and nothing to play.
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
