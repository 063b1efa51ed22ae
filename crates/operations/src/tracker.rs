//! What an operation has changed so far.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use naru_patcher::{InstallFolder, Phase, PhaseProgress, ProgressSink, Total, Warning};

/// What an operation has changed that outlives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Nothing, as was to be expected: the operation only reads.
    OnlyRead,
    /// Nothing at all.
    Nothing,
    /// Files may have reached the store; players see nothing of them.
    OnlyUploads,
    /// The release is live; what failed came after it.
    Released,
    /// The release may be live: the store did not tell.
    Unclear,
    /// The installed game is what it was; fetched bytes are kept for the next run.
    OnlyStage,
    /// New files were being put in place, and the journal is written: the next run finishes that first.
    Midway,
    /// The operation is done; what failed came after it.
    Everything,
}

impl Changed {
    /// Whether players or the installed game see a difference.
    pub fn is_visible(self) -> bool {
        matches!(self, Self::Released | Self::Unclear | Self::Midway | Self::Everything)
    }
}

/// Follows one operation: passes its progress on, and knows at any moment what it has changed. That is
/// asked also when the operation was dropped or has panicked.
pub struct Tracker {
    progress: Arc<dyn ProgressSink>,
    stage: Mutex<Stage>,
    is_live: AtomicBool,
}

/// How far an operation has come.
#[derive(Debug, Default)]
enum Stage {
    #[default]
    Begun,
    OnlyReads,
    /// It writes to the store.
    Publishes,
    /// It writes to an install folder.
    Installs(InstallFolder),
    Done,
}

impl Tracker {
    /// Follows an operation that `progress` watches.
    pub fn new(progress: Arc<dyn ProgressSink>) -> Self {
        Self { progress, stage: Mutex::default(), is_live: AtomicBool::new(false) }
    }

    /// What has been changed so far.
    pub fn changed(&self) -> Changed {
        match &*self.stage.lock().unwrap_or_else(PoisonError::into_inner) {
            Stage::Begun => Changed::Nothing,
            Stage::OnlyReads => Changed::OnlyRead,
            Stage::Publishes if self.is_live.load(Ordering::Relaxed) => Changed::Released,
            Stage::Publishes => Changed::OnlyUploads,
            Stage::Installs(folder) => match folder.status() {
                Ok(status) if status.interrupted => Changed::Midway,
                _ => Changed::OnlyStage,
            },
            Stage::Done => Changed::Everything,
        }
    }

    /// The operation only reads.
    pub fn only_reads(&self) {
        self.enter(Stage::OnlyReads);
    }

    /// The operation is done.
    pub fn done(&self) {
        self.enter(Stage::Done);
    }

    /// From here on the operation writes to the store.
    pub(crate) fn publishes(&self) {
        self.enter(Stage::Publishes);
    }

    /// From here on the operation writes to an install folder.
    pub(crate) fn installs(&self, folder: &InstallFolder) {
        self.enter(Stage::Installs(folder.clone()));
    }

    fn enter(&self, stage: Stage) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
    }
}

impl ProgressSink for Tracker {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        // The edge is told after the pointer is written, which is what makes a release live.
        if phase == Phase::Invalidate {
            self.is_live.store(true, Ordering::Relaxed);
        }
        self.progress.start(phase, total)
    }

    fn warn(&self, warning: Warning) {
        self.progress.warn(warning);
    }
}

#[cfg(test)]
mod tests {
    use naru_patcher::Silent;

    use super::*;

    #[test]
    fn a_release_is_live_when_the_edge_is_told() {
        let tracker = Tracker::new(Arc::new(Silent));
        assert_eq!(tracker.changed(), Changed::Nothing);
        tracker.publishes();
        drop(tracker.start(Phase::Upload, Total::default()));
        assert_eq!(tracker.changed(), Changed::OnlyUploads, "players see nothing before the pointer");
        drop(tracker.start(Phase::Invalidate, Total::default()));
        assert_eq!(tracker.changed(), Changed::Released);
        tracker.done();
        assert_eq!(tracker.changed(), Changed::Everything);
    }

    #[test]
    fn an_install_folder_without_a_journal_is_what_it_was() {
        let tracker = Tracker::new(Arc::new(Silent));
        tracker.installs(&InstallFolder::new("/nowhere"));
        assert_eq!(tracker.changed(), Changed::OnlyStage);
    }
}
