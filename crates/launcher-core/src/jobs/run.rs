//! Carrying a job out.

use std::sync::Arc;
use std::time::Duration;

use naru_patcher::{InstallFolder, Silent, UpdateError};
use tokio::sync::oneshot;
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::{Halt, Meter, Work};
use crate::core::Core;
use crate::view::{Changed, JobState, Outcome, Problem, ProblemCode, Transfer};

/// How often windows hear of progress.
const TICK: Duration = Duration::from_millis(100);

/// How often, and how many times, it is asked whether the engine's own threads have let go.
const LETTING_GO: Duration = Duration::from_millis(50);
const MOST_ASKED: u32 = 600;

/// How work came to its end.
enum Ended {
    Halted(Halt),
    Done(Result<Outcome, Problem>),
}

impl Core {
    /// Runs a job beside everything else.
    pub(super) fn run(
        self: &Arc<Self>,
        id: u64,
        work: Work,
        meter: Arc<Meter>,
        stopped: oneshot::Receiver<Halt>,
    ) {
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move {
            let ended = core.watch(id, &work, &meter, stopped).await;
            core.end(id, &work, &meter, ended);
        });
    }

    /// Carries it out on a thread of its own — comparing and hashing block — and shows how it goes.
    async fn watch(
        self: &Arc<Self>,
        id: u64,
        work: &Work,
        meter: &Arc<Meter>,
        stopped: oneshot::Receiver<Halt>,
    ) -> Ended {
        let (core, doing, counting) = (Arc::clone(self), work.clone(), Arc::clone(meter));
        let runtime = self.surroundings.runtime.clone();
        let mut thread = spawn_blocking(move || runtime.block_on(core.work_until(stopped, doing, counting)));
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                ended = &mut thread => return ended.unwrap_or_else(crashed),
                _ = tick.tick() => self.show(id, meter),
            }
        }
    }

    async fn work_until(
        self: Arc<Self>,
        mut stopped: oneshot::Receiver<Halt>,
        work: Work,
        meter: Arc<Meter>,
    ) -> Ended {
        let mut ended = tokio::select! {
            biased;
            Ok(halt) = &mut stopped => Ended::Halted(halt),
            result = self.carry_out(&work, &meter) => Ended::Done(result),
        };
        // Work that blocks is asked to stop before anybody can stop waiting for it.
        if let (Ended::Done(Err(_)), Ok(halt)) = (&ended, stopped.try_recv()) {
            ended = Ended::Halted(halt);
        }
        if work.is_on_game() {
            if matches!(ended, Ended::Halted(_)) {
                self.wait_for_engine().await;
            }
            self.look_again();
        }
        ended
    }

    async fn carry_out(self: &Arc<Self>, work: &Work, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        match work {
            Work::Update => self.update(meter).await,
            Work::Verify => self.verify(meter).await,
            Work::Repair => self.repair(meter).await,
            Work::Move { to } => self.move_game(to, meter).await,
            Work::Compare => self.compare(meter).await,
            Work::Publish { notes } => self.publish_build(notes, meter).await,
            Work::Rollback { number } => self.publish_again(*number, meter).await,
        }
    }

    /// Threads of the engine go on for a moment when nobody waits for them any more, and hold its lock.
    async fn wait_for_engine(&self) {
        let folder = self.read(|state| state.install.clone());
        for _ in 0..MOST_ASKED {
            match InstallFolder::new(&folder).recover(&Silent) {
                Err(UpdateError::Busy { .. }) => sleep(LETTING_GO).await,
                _ => return,
            }
        }
    }

    fn show(&self, id: u64, meter: &Meter) {
        self.change(|state| {
            if let Some(slot) = state.job.as_mut().filter(|slot| slot.shown.id == id) {
                meter.show(&mut slot.shown);
            }
        });
    }

    fn end(self: &Arc<Self>, id: u64, work: &Work, meter: &Meter, ended: Ended) {
        let state_of_job = match ended {
            Ended::Halted(Halt::Pause) => JobState::Paused,
            Ended::Halted(Halt::Cancel) => JobState::Cancelled,
            Ended::Done(Ok(outcome)) => JobState::Done { outcome },
            Ended::Done(Err(problem)) => {
                let problem = self.with_changed(problem, work, meter);
                tracing::warn!(?problem, kind = ?work.kind(), "a job failed");
                JobState::Failed { problem }
            }
        };
        let ended = self.change(|state| {
            let slot = state.job.as_mut().filter(|slot| slot.shown.id == id)?;
            meter.show(&mut slot.shown);
            slot.shown.state = state_of_job.clone();
            (slot.shown.bytes_per_second, slot.shown.seconds_left) = (None, None);
            slot.stop = None;
            Some(slot.ended.clone())
        });
        if matches!(state_of_job, JobState::Cancelled | JobState::Done { .. }) {
            self.check_after(work);
        }
        if let Some(ended) = ended {
            ended.send_replace(true);
        }
    }

    /// Asks the server anew where the work has changed what it would answer.
    pub(super) fn check_after(self: &Arc<Self>, work: &Work) {
        if !matches!(work, Work::Verify | Work::Compare) {
            let core = Arc::clone(self);
            self.surroundings.runtime.spawn(async move { core.check().await });
        }
    }

    /// Says what a failure has left behind.
    fn with_changed(&self, problem: Problem, work: &Work, meter: &Meter) -> Problem {
        let changed = match work.kind().traits().transfer {
            Transfer::Download if self.read(|state| state.installed.is_midway) => Changed::Midway,
            Transfer::Download => Changed::OnlyStage,
            Transfer::Upload if meter.is_released() => Changed::Released,
            Transfer::Upload => Changed::OnlyUploads,
            Transfer::None => Changed::Nothing,
        };
        problem.having_changed(changed)
    }
}

fn crashed(error: JoinError) -> Ended {
    Ended::Done(Err(Problem::new(ProblemCode::Internal, error)))
}
