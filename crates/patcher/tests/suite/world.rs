//! A build folder, a store and an install folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use naru_patcher::{
    ChannelOptions, InstallFolder, Phase, PhaseProgress, Prediction, ProgressSink, PublishError,
    PublishOptions, PublishPlan, Published, Publisher, ReleaseLog, ReleaseSummary, Repaired, RollbackPlan,
    Silent, Total, UpdateError, UpdateOptions, Updated, Updater, Verification, Warning,
};
use naru_protocol::Channel;
use naru_store::{Invalidator, ObjectRef, PutOptions, ReadStore, UploadSource, WriteCondition, WriteStore};
use tempfile::TempDir;

use crate::backend;

/// Goes back to a release, as one step.
pub async fn roll_back(publisher: &Studio, number: u64) -> Result<Published, PublishError> {
    let plan = publisher.plan_rollback(number).await?;
    publisher.roll_back(plan).await
}

/// Files by path; the value is their bytes.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Deletes a version for good, or where none is named makes the key one that is deleted: what a
/// lifecycle rule or the bucket's owner does, and no publisher may.
pub type Remove = Box<dyn Fn(ObjectRef) -> BoxFuture<'static, ()> + Send + Sync>;

/// What the publisher writes to and the player reads from.
pub struct Place {
    pub store: Arc<dyn WriteStore>,
    pub remove: Remove,
    pub edge: Arc<dyn ReadStore>,
    pub invalidator: Option<Arc<dyn Invalidator>>,
    /// A server that has to live as long.
    pub _server: Option<Box<dyn std::any::Any + Send>>,
}

/// Removes objects from a bucket, with the rights of its owner.
#[allow(dead_code, reason = "a store in memory has its own")]
pub fn remove_from(client: aws_sdk_s3::Client, bucket: String) -> Remove {
    Box::new(move |ObjectRef { key, version }| {
        let request = client.delete_object().bucket(&bucket).key(key).set_version_id(version);
        Box::pin(async move { drop(request.send().await.unwrap()) })
    })
}

/// Who publishes to the channel; a test may change the settings before each step.
pub struct Studio {
    pub store: Arc<dyn WriteStore>,
    pub invalidator: Option<Arc<dyn Invalidator>>,
    pub progress: Arc<dyn ProgressSink>,
    pub channel: ChannelOptions,
    pub options: PublishOptions,
}

impl Studio {
    fn log(&self) -> ReleaseLog {
        let (store, invalidator) = (self.store.clone(), self.invalidator.clone());
        ReleaseLog::new(store, invalidator, self.channel.clone(), self.progress.clone())
    }

    fn publisher(&self) -> Publisher {
        Publisher::new(self.log(), self.options.clone())
    }

    pub async fn plan(&self) -> Result<PublishPlan, PublishError> {
        self.publisher().plan().await
    }

    #[allow(dead_code, reason = "not every store is asked for it")]
    pub async fn predict(&self, plan: &PublishPlan, most: usize) -> Result<Vec<Prediction>, PublishError> {
        self.publisher().predict(plan, most).await
    }

    pub async fn publish(&self, plan: PublishPlan) -> Result<Published, PublishError> {
        self.publisher().publish(plan).await
    }

    pub async fn releases(&self) -> Result<Vec<ReleaseSummary>, PublishError> {
        self.log().releases().await
    }

    pub async fn plan_rollback(&self, number: u64) -> Result<RollbackPlan, PublishError> {
        self.log().plan_rollback(number, &self.options.notes).await
    }

    pub async fn roll_back(&self, plan: RollbackPlan) -> Result<Published, PublishError> {
        self.log().roll_back(plan).await
    }
}

pub struct World {
    folder: TempDir,
    pub place: Place,
    pub preserve: Vec<String>,
    pub config: Vec<String>,
}

impl World {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let world = Self {
            place: backend::open(folder.path()).await,
            folder,
            preserve: vec!["saves/**".into()],
            config: vec!["*.ini".into()],
        };
        std::fs::create_dir(world.build()).unwrap();
        world
    }

    pub fn build(&self) -> PathBuf {
        self.folder.path().join("build")
    }

    pub fn install(&self) -> PathBuf {
        self.folder.path().join("install")
    }

    pub fn install_folder(&self) -> InstallFolder {
        InstallFolder::new(self.install())
    }

    /// Makes the build folder have exactly these files.
    pub fn set_build(&self, files: &[(&str, &[u8])]) {
        std::fs::remove_dir_all(self.build()).unwrap();
        std::fs::create_dir(self.build()).unwrap();
        for (path, bytes) in files {
            write(&self.build().join(path), bytes);
        }
    }

    pub fn publisher(&self) -> Studio {
        let mut options = PublishOptions::new(self.build());
        options.preserve = self.preserve.clone();
        options.config = self.config.clone();
        let cache = Some(self.folder.path().join("cache"));
        Studio {
            store: self.place.store.clone(),
            invalidator: self.place.invalidator.clone(),
            progress: Arc::new(Silent),
            channel: ChannelOptions { cache, ..ChannelOptions::default() },
            options,
        }
    }

    pub async fn publish(&self) -> Result<Published, PublishError> {
        let publisher = self.publisher();
        let plan = publisher.plan().await?;
        publisher.publish(plan).await
    }

    pub fn updater(&self) -> Updater {
        Updater::new(
            self.place.edge.clone(),
            self.install_folder(),
            UpdateOptions::default(),
            Arc::new(Silent),
        )
    }

    pub async fn update_from(&self, channel: &Channel) -> Result<Updated, UpdateError> {
        let options = UpdateOptions { channel: Some(channel.clone()), ..UpdateOptions::default() };
        let updater = Updater::new(self.place.edge.clone(), self.install_folder(), options, Arc::new(Silent));
        let plan = updater.plan().await?;
        updater.update(plan).await
    }

    /// Deletes a version for good, or the key.
    pub async fn remove(&self, object: ObjectRef) {
        (self.place.remove)(object).await;
    }

    /// Makes the edge drop what it has of a key.
    pub async fn invalidate(&self, key: &str) {
        let Some(edge) = &self.place.invalidator else {
            return;
        };
        let mut state = edge.invalidate(key).await.unwrap();
        while !state.completed {
            tokio::time::sleep(edge.poll_interval()).await;
            state = edge.progress(&state.id).await.unwrap();
        }
    }

    pub async fn update(&self) -> Result<Updated, UpdateError> {
        let updater = self.updater();
        let plan = updater.plan().await?;
        updater.update(plan).await
    }

    pub async fn verify(&self) -> Result<Verification, UpdateError> {
        self.install_folder().verify(Arc::new(Silent)).await
    }

    pub async fn repair(&self) -> Result<Repaired, UpdateError> {
        self.updater().repair().await
    }

    /// Writes a file into the install folder, as a player or a damaged disk would.
    pub fn disturb(&self, path: &str, bytes: &[u8]) {
        write(&self.install().join(path), bytes);
    }

    pub fn installed(&self) -> Tree {
        tree(&self.install())
    }
}

pub fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// Keeps the warnings.
#[derive(Default)]
pub struct Warnings(Mutex<Vec<Warning>>);

impl Warnings {
    /// All since the last time.
    pub fn take(&self) -> Vec<Warning> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

impl ProgressSink for Warnings {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        Silent.start(phase, total)
    }

    fn warn(&self, warning: Warning) {
        self.0.lock().unwrap().push(warning);
    }
}

/// Writes an object past the publisher; answers with its version.
pub async fn put(store: &dyn WriteStore, key: &str, bytes: Vec<u8>) -> String {
    let source = UploadSource::Bytes(bytes.into());
    store.put(key, source, WriteCondition::None, PutOptions::default(), &()).await.unwrap().version.unwrap()
}

/// All files below a folder except Naru's own.
pub fn tree(root: &Path) -> Tree {
    let mut files = Tree::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                if path.file_name().unwrap() != ".naru" {
                    waiting.push(path);
                }
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

pub fn expected(files: &[(&str, &[u8])]) -> Tree {
    files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
}

/// Bytes that no compression and no chance repeats.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.finalize_xof().fill(&mut bytes);
    bytes
}
