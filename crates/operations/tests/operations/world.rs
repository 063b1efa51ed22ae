//! A build folder, a store in memory and an install folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use naru_operations::{Answer, OperationError, PublishOutcome, Tracker, UpdateOutcome, proceed};
use naru_patcher::{
    ChannelOptions, InstallFolder, Phase, PhaseProgress, ProgressSink, PublishOptions, Publisher, ReleaseLog,
    Silent, Total, UpdateOptions, Updater, Warning,
};
use naru_store::{Listed, MemoryStore, ReadStore, WriteStore};
use tempfile::TempDir;

/// Records the phases that are reported.
#[derive(Default)]
pub struct Phases(Mutex<Vec<Phase>>);

impl Phases {
    pub fn heard(&self) -> Vec<Phase> {
        self.0.lock().expect("no test panics here").clone()
    }
}

impl ProgressSink for Phases {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        self.0.lock().expect("no test panics here").push(phase);
        Silent.start(phase, total)
    }

    fn warn(&self, _warning: Warning) {}
}

pub struct World {
    folder: TempDir,
    pub store: Arc<MemoryStore>,
    pub phases: Arc<Phases>,
    pub tracker: Arc<Tracker>,
}

impl World {
    pub fn new() -> Self {
        let (folder, phases) = (TempDir::new().expect("a folder"), Arc::new(Phases::default()));
        let progress: Arc<dyn ProgressSink> = phases.clone();
        let world = Self {
            folder,
            store: Arc::new(MemoryStore::new()),
            phases,
            tracker: Arc::new(Tracker::new(progress)),
        };
        world.write("build/index.html", "<p>cave</p>");
        world.write("build/sound/wave.wav", "wave");
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a parent folder");
        fs::write(path, text).expect("a file of the test");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file of the test")
    }

    pub fn install(&self) -> InstallFolder {
        InstallFolder::new(self.path("install"))
    }

    /// The same surroundings for the next operation: a tracker follows one.
    pub fn next(self) -> Self {
        let phases = Arc::new(Phases::default());
        let progress: Arc<dyn ProgressSink> = phases.clone();
        Self { tracker: Arc::new(Tracker::new(progress)), phases, ..self }
    }

    pub fn updater(&self) -> Updater {
        let store: Arc<dyn ReadStore> = self.store.clone();
        Updater::new(store, self.install(), UpdateOptions::default(), self.tracker.clone())
    }

    pub fn log(&self) -> ReleaseLog {
        let store: Arc<dyn WriteStore> = self.store.clone();
        ReleaseLog::new(store, None, ChannelOptions::default(), self.tracker.clone())
    }

    pub fn publisher(&self) -> Publisher {
        Publisher::new(self.log(), PublishOptions::new(self.path("build")))
    }

    /// Every key of the store.
    pub async fn keys(&self) -> Vec<String> {
        let listed = self.store.list("").await.expect("memory has no faults");
        listed.into_iter().map(|Listed { key, .. }| key).collect()
    }

    pub async fn publish(&self) -> PublishOutcome {
        let outcome = naru_operations::publish(&self.publisher(), &self.tracker, proceed).await;
        outcome.map_err(|error: OperationError| error).expect("a sound build").expect("it was wanted")
    }

    pub async fn update(&self) -> UpdateOutcome {
        let outcome = naru_operations::update(&self.updater(), &self.tracker, proceed).await;
        outcome.map_err(|error: OperationError| error).expect("a sound release").expect("it was wanted")
    }
}

/// An answer that stops the operation.
pub async fn stop<P>(_plan: &P) -> Result<Answer, OperationError> {
    Ok(Answer::Stop)
}
