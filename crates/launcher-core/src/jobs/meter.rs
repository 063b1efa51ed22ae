//! Collects what the engine reports, for windows that read it ten times a second.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use naru_patcher::{Phase, PhaseProgress, ProgressSink, Total, Warning};

use super::speed::{Speed, seconds_left};
use crate::view::{Job, JobPhase, JobState, JobWarning, JobWarningKind};

/// More warnings than a person reads.
const MOST_WARNINGS: usize = 200;

/// The measure of one job.
#[derive(Default)]
pub(crate) struct Meter {
    now: Mutex<Now>,
    is_stopped: Arc<AtomicBool>,
}

/// Its state.
#[derive(Default)]
struct Now {
    phase: Option<JobPhase>,
    total: Total,
    counts: Arc<Counts>,
    speed: Speed,
    warnings: Vec<JobWarning>,
}

impl Now {
    fn begin(&mut self, phase: JobPhase, total: Total) {
        self.phase = Some(phase);
        self.total = total;
        self.counts = Arc::default();
        self.speed.forget();
    }
}

/// What one phase counts, from many threads and without a lock.
#[derive(Debug, Default)]
struct Counts {
    bytes: AtomicU64,
    /// Of them, those that were here before: they say nothing of the speed.
    present: AtomicU64,
    files: AtomicU64,
}

impl Meter {
    /// Begins a phase; what it counts goes to the answer.
    pub(crate) fn begin(&self, phase: JobPhase, total: Total) -> Box<dyn PhaseProgress> {
        let mut now = self.now();
        now.begin(phase, total);
        Box::new(Counter { counts: Arc::clone(&now.counts), is_stopped: Arc::clone(&self.is_stopped) })
    }

    /// Begins a phase that nothing stops. `false` where a stop was asked for before.
    pub(crate) fn begin_unless_stopped(&self, phase: JobPhase) -> bool {
        let mut now = self.now();
        if self.is_stopped() {
            return false;
        }
        now.begin(phase, Total::default());
        true
    }

    /// Ends what no dropped future ends: hashing and copying. `false` where this phase can't be
    /// stopped, which windows may not know yet.
    pub(crate) fn stop(&self) -> bool {
        // The next phase waits for the lock: it either sees the stop or refuses it.
        let now = self.now();
        if !is_stoppable(now.phase) {
            return false;
        }
        self.is_stopped.store(true, Ordering::Relaxed);
        true
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Writes how it stands into what is shown.
    pub(crate) fn show(&self, job: &mut Job) {
        let mut now = self.now();
        let bytes = now.counts.bytes.load(Ordering::Relaxed);
        let moved = bytes.saturating_sub(now.counts.present.load(Ordering::Relaxed));
        job.phase = now.phase;
        job.done_bytes = bytes;
        job.total_bytes = now.total.bytes;
        job.done_files = now.counts.files.load(Ordering::Relaxed);
        job.total_files = now.total.items;
        job.bytes_per_second = now.speed.note(Instant::now(), moved);
        let rest = now.total.bytes.map(|total| total.saturating_sub(bytes));
        job.seconds_left = rest.and_then(|rest| seconds_left(rest, job.bytes_per_second));
        if job.warnings.len() != now.warnings.len() {
            job.warnings.clone_from(&now.warnings);
        }
        if matches!(job.state, JobState::Running { .. }) {
            job.state = JobState::Running { stoppable: is_stoppable(now.phase) };
        }
    }

    /// Tells the player something that the engine does not know of.
    pub(crate) fn add_warning(&self, warning: JobWarning) {
        let mut now = self.now();
        if now.warnings.len() < MOST_WARNINGS {
            now.warnings.push(warning);
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Files that are being put in place are put in place; a release that is out is out; a game that has
/// moved has moved.
fn is_stoppable(phase: Option<JobPhase>) -> bool {
    !matches!(phase, Some(JobPhase::Apply | JobPhase::Invalidate | JobPhase::Remove))
}

impl ProgressSink for Meter {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        self.begin(phase.into(), total)
    }

    fn warn(&self, warning: Warning) {
        tracing::warn!(?warning, "the engine warns");
        self.add_warning(warning.into());
    }
}

struct Counter {
    counts: Arc<Counts>,
    is_stopped: Arc<AtomicBool>,
}

impl PhaseProgress for Counter {
    fn bytes(&self, more: u64) {
        self.counts.bytes.fetch_add(more, Ordering::Relaxed);
    }

    fn present(&self, bytes: u64) {
        self.counts.present.fetch_add(bytes, Ordering::Relaxed);
        self.bytes(bytes);
    }

    fn item(&self, _path: &str) {
        self.counts.files.fetch_add(1, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

impl From<Phase> for JobPhase {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Scan => Self::Scan,
            Phase::Upload => Self::Upload,
            Phase::Invalidate => Self::Invalidate,
            Phase::Gather => Self::Gather,
            Phase::Download => Self::Download,
            Phase::Apply => Self::Apply,
            Phase::Verify => Self::Verify,
        }
    }
}

impl From<Warning> for JobWarning {
    fn from(warning: Warning) -> Self {
        use JobWarningKind as Kind;
        let (kind, detail) = match warning {
            Warning::Release2017 => (Kind::Release2017, String::new()),
            Warning::KeptChanged { path, ours: Some(ours) } => {
                (Kind::KeptChanged, format!("{path} → {ours}"))
            }
            Warning::KeptChanged { path, ours: None } => (Kind::KeptChanged, path.to_string()),
            Warning::BrokenLedger { problem, .. } => (Kind::BrokenLedger, problem),
            Warning::MovedAside(name) => (Kind::MovedAside, name),
            Warning::ModeRefused(path) => (Kind::ModeRefused, path.to_string()),
            Warning::SetAside { path, reason } => (Kind::SetAside, format!("{path}: {reason}")),
            Warning::RefusedName(name) => (Kind::RefusedName, name),
            Warning::NotInvalidated(why) => (Kind::NotInvalidated, why),
            Warning::ReservedName(path) => (Kind::ReservedName, path.to_string()),
            Warning::EmptyFolders(names) => (Kind::EmptyFolders, names.join(", ")),
            Warning::Secrets(names) => (Kind::Secrets, names.join(", ")),
            Warning::LostObjects(keys) => (Kind::LostObjects, keys.join(", ")),
            Warning::NotFor2017(names) => (Kind::NotFor2017, names.join(", ")),
            Warning::UnreadableRelease { version, problem } => {
                (Kind::UnreadableRelease, format!("{version}: {problem}"))
            }
        };
        Self { kind, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_the_stop_comes_first_or_the_phase_that_nothing_stops() {
        let meter = Meter::default();
        meter.begin(JobPhase::Copy, Total::default());
        assert!(meter.begin_unless_stopped(JobPhase::Remove), "nobody has asked for a stop");
        assert!(!meter.stop() && !meter.is_stopped(), "it is too late for one");
        let meter = Meter::default();
        meter.begin(JobPhase::Copy, Total::default());
        assert!(meter.stop());
        assert!(!meter.begin_unless_stopped(JobPhase::Remove), "it was asked for in time");
    }
}
