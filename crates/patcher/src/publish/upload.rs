//! Sending the files of a plan.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::{FileEntry, FileList2017, Md5Digest, Record2017, RelPath};
use naru_store::{
    FailureKind, ObjectRef, PutOptions, UploadProgress, UploadSource, WriteCondition, WriteStore,
};

use super::Publisher;
use super::compare::{Source, Sources};
use super::plan::PublishPlan;
use crate::hash::md5_of;
use crate::release_log::IMMUTABLE_CACHING;
use crate::{Phase, PhaseProgress, PublishError, ScanError, Total};

/// What became of the files.
pub(super) struct Sent {
    /// One version for each file of the manifest.
    pub(super) versions: Vec<String>,
    pub(super) list: FileList2017,
    pub(super) bytes: u64,
    pub(super) files: u64,
    pub(super) resumed: u64,
    pub(super) resumed_bytes: u64,
    pub(super) copied: u64,
}

#[derive(Default)]
struct Counts {
    bytes: AtomicU64,
    files: AtomicU64,
    resumed: AtomicU64,
    resumed_bytes: AtomicU64,
    copied: AtomicU64,
}

/// Where a file's bytes are now.
struct Placed {
    version: String,
    checksum: Md5Digest,
}

/// One file on its way; owns all it needs, so that it can run on any thread.
struct Job {
    store: Arc<dyn WriteStore>,
    watcher: Arc<dyn PhaseProgress>,
    counts: Arc<Counts>,
    entry: FileEntry,
    key: String,
    place: std::path::PathBuf,
    source: Source,
}

pub(super) async fn send(
    publisher: &Publisher,
    plan: &PublishPlan,
    sources: Sources,
) -> Result<Sent, PublishError> {
    let total = Total { bytes: Some(plan.upload_bytes), items: Some(sources.len() as u64) };
    let watcher: Arc<dyn PhaseProgress> = publisher.log.progress.start(Phase::Upload, total).into();
    let counts = Arc::new(Counts::default());
    let keys = publisher.log.keys();
    // Each job is made when its turn comes: all at once, they would take more room than the plan.
    let jobs = sources.into_iter().filter_map(|(path, source)| {
        let job = Job {
            store: Arc::clone(&publisher.log.store),
            watcher: Arc::clone(&watcher),
            counts: Arc::clone(&counts),
            entry: plan.manifest().get(&path)?.clone(),
            key: keys.file(&path),
            place: plan.places.of(&path),
            source,
        };
        Some(spawned(path, job))
    });
    let placed: HashMap<RelPath, Placed> =
        stream::iter(jobs).buffer_unordered(publisher.options.uploads.max(1)).try_collect().await?;
    collect(plan, placed, &counts)
}

/// Runs a job as a task of its own, on any thread, because hashing is half of the work.
async fn spawned(path: RelPath, job: Job) -> Result<(RelPath, Placed), PublishError> {
    // Dropping the set stops the upload when another one has failed.
    let mut set = tokio::task::JoinSet::new();
    set.spawn(job.run());
    match set.join_next().await {
        Some(Ok(result)) => result.map(|placed| (path, placed)),
        Some(Err(stopped)) => std::panic::resume_unwind(stopped.into_panic()),
        None => unreachable!("one job was started"),
    }
}

impl Job {
    async fn run(self) -> Result<Placed, PublishError> {
        let placed = match &self.source {
            Source::Copy(copy) => self.copy(&copy.from, copy.checksum).await?,
            Source::Sent(sent) => self.resume(&sent.version, sent.md5).await?,
            Source::Upload | Source::Again => self.upload().await?,
        };
        self.watcher.item(self.entry.path.as_str());
        Ok(placed)
    }

    /// What an interrupted run has written.
    async fn resume(&self, version: &str, md5: Option<Md5Digest>) -> Result<Placed, PublishError> {
        let checksum = match md5 {
            Some(checksum) => checksum,
            // An upload in parts is described before its bytes are read, so its MD5 is not with it.
            None => self.local_md5().await?,
        };
        self.counts.resumed.fetch_add(1, Ordering::Relaxed);
        self.counts.resumed_bytes.fetch_add(self.entry.size, Ordering::Relaxed);
        Ok(Placed { version: version.to_owned(), checksum })
    }

    async fn local_md5(&self) -> Result<Md5Digest, PublishError> {
        let place = self.place.clone();
        let work = move || md5_of(&place).map_err(ScanError::io(&place));
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => Ok(result?),
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }

    async fn upload(&self) -> Result<Placed, PublishError> {
        let source = UploadSource::File {
            path: self.place.clone(),
            length: self.entry.size,
            digest: self.entry.digest,
        };
        let watcher = Sending { watcher: &*self.watcher, counts: &self.counts };
        let put = self.store.put(&self.key, source, WriteCondition::None, self.options(), &watcher).await;
        let put = put.map_err(|error| match error.kind {
            FailureKind::BadSource => ScanError::of_upload(&self.place, error).into(),
            _ => PublishError::from(error),
        })?;
        self.counts.files.fetch_add(1, Ordering::Relaxed);
        let no_version = || PublishError::NoVersion { key: self.key.clone() };
        Ok(Placed { version: put.version.ok_or_else(no_version)?, checksum: put.md5.ok_or_else(no_version)? })
    }

    async fn copy(&self, from: &ObjectRef, checksum: Md5Digest) -> Result<Placed, PublishError> {
        let put = match self.store.copy(from, &self.key, self.options()).await {
            // An expired version can't be copied, but its bytes are in the build.
            Err(error) if error.is_not_found() => return self.upload().await,
            other => other?,
        };
        self.counts.copied.fetch_add(1, Ordering::Relaxed);
        let key = self.key.clone();
        let version = put.version.ok_or(PublishError::NoVersion { key })?;
        Ok(Placed { version, checksum })
    }

    fn options(&self) -> PutOptions {
        PutOptions {
            cache_control: Some(IMMUTABLE_CACHING),
            content_type: None,
            digest: Some(self.entry.digest),
        }
    }
}

/// Counts what travels, and apart from it the parts that an interrupted run had sent.
struct Sending<'a> {
    watcher: &'a dyn PhaseProgress,
    counts: &'a Counts,
}

impl UploadProgress for Sending<'_> {
    fn sent(&self, bytes: u64) {
        self.counts.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.watcher.bytes(bytes);
    }

    fn already_there(&self, bytes: u64) {
        self.counts.resumed_bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

fn collect(
    plan: &PublishPlan,
    mut placed: HashMap<RelPath, Placed>,
    counts: &Counts,
) -> Result<Sent, PublishError> {
    // Every file gets a version, also one that stays: the release names its bytes for ever, whatever is
    // published under the path later.
    let mut versions = Vec::with_capacity(plan.manifest().files().len());
    let mut list = FileList2017::default();
    for entry in plan.manifest().files() {
        let record = match placed.remove(&entry.path) {
            Some(placed) => fresh_record(placed, plan, &entry.path)?,
            None => live_record(plan, &entry.path)?,
        };
        versions.push(record.s3_versionid.clone());
        list.insert(entry.path.clone(), record);
    }
    Ok(Sent {
        versions,
        list,
        bytes: counts.bytes.load(Ordering::Relaxed),
        files: counts.files.load(Ordering::Relaxed),
        resumed: counts.resumed.load(Ordering::Relaxed),
        resumed_bytes: counts.resumed_bytes.load(Ordering::Relaxed),
        copied: counts.copied.load(Ordering::Relaxed),
    })
}

fn fresh_record(placed: Placed, plan: &PublishPlan, path: &RelPath) -> Result<Record2017, PublishError> {
    let version = plan.version_2017(path, Some(&placed.checksum))?;
    Ok(Record2017 { checksum: placed.checksum, version, s3_versionid: placed.version, listed_as: None })
}

fn live_record(plan: &PublishPlan, path: &RelPath) -> Result<Record2017, PublishError> {
    let record = plan.base.list.get(path).cloned();
    let record = record.ok_or_else(|| PublishError::NoVersion { key: path.to_string() })?;
    let version = plan.version_2017(path, Some(&record.checksum))?;
    Ok(Record2017 { version, ..record })
}
