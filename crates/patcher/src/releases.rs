//! The releases that a channel had, and going back to one.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use naru_protocol::{FileList2017, FormatError, Pointer, Record2017, Release};
use naru_store::{FailureKind, ObjectRef, ObjectVersion};
use serde::Serialize;

use crate::publish::{Index, Published, Publisher, next_number, version_2017};
use crate::remote::{
    ReadError, ReadPointer, WantedFile, read_file_list, read_locations, read_manifest, read_pointer,
    wanted_files,
};
use crate::{Phase, PhaseProgress, PublishError, Total, Warning};

/// Old pointers read at once.
const CONCURRENT_READS: usize = 16;

/// Questions for objects that are under way at once.
const CONCURRENT_STATS: usize = 64;

/// One release of a channel.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseSummary {
    /// Its number.
    pub number: u64,
    /// When it was published; the 2017 format does not say.
    pub date: Option<Timestamp>,
    /// The publisher's words.
    pub notes: String,
    /// How many files; zero where the 2017 format does not say.
    pub files: u64,
    /// How many bytes; zero where the 2017 format does not say.
    pub bytes: u64,
    /// The release whose content it names again.
    pub content_of: Option<u64>,
    /// Whether the 2017 publisher made it.
    pub made_by_2017: bool,
    /// Whether players get it now.
    pub live: bool,
}

/// What a rollback will do.
#[derive(Debug, Serialize)]
pub struct RollbackPlan {
    /// The release whose content is wanted.
    pub number: u64,
    /// The live release.
    pub live: Option<u64>,
    /// The number of the new one.
    pub next: u64,
    /// Files of the new release.
    pub files: u64,
    /// Bytes of the new release.
    pub bytes: u64,
    /// The notes of the new one.
    pub notes: String,
    #[serde(skip)]
    is_live: bool,
    #[serde(skip)]
    epoch: u64,
    #[serde(skip)]
    release: Release,
    /// The 2017 list of the wanted release.
    #[serde(skip)]
    old: FileList2017,
    #[serde(skip)]
    live_pointer: Option<ReadPointer>,
}

impl RollbackPlan {
    /// Whether players get this content already.
    pub fn is_empty(&self) -> bool {
        self.is_live
    }
}

impl Publisher {
    /// Lists the releases of the channel, newest first: each is a version of the pointer.
    pub async fn releases(&self) -> Result<Vec<ReleaseSummary>, PublishError> {
        let pointers = self.old_pointers().await?;
        let live = pointers.iter().find(|old| old.newest).map(|old| old.pointer.version);
        let mut summaries: Vec<_> = pointers.iter().map(|old| summary(&old.pointer, live)).collect();
        // A pointer that was written again under its number is still one release.
        summaries.dedup_by_key(|summary| summary.number);
        Ok(summaries)
    }

    /// Looks for an earlier release, and whether the store still has all of it. Writes nothing.
    pub async fn plan_rollback(&self, number: u64) -> Result<RollbackPlan, PublishError> {
        crate::check_notes(&self.notes())?;
        // Before the history, for the reason that `history` gives.
        let live = self.live_pointer().await;
        let history = self.history().await?;
        history.warn(&*self.progress);
        let live = live?;
        let releases = history.releases();
        let wanted = releases.iter().find(|past| past.pointer.version == number);
        let wanted = &wanted.ok_or(PublishError::NoRelease { number })?.pointer;
        let release = wanted.release.as_ref().ok_or(PublishError::Release2017 { number })?;
        // Of two releases with the same files the live one is the better source: its objects may have
        // been sent again since.
        let same = live.as_ref().map(|live| &live.pointer).filter(|live| has_content_of(live, release));
        let old = self.find_release(same.unwrap_or(wanted)).await?;
        let is_live = same.is_some_and(|live| !history.outranks(live)) && old.misplaced.is_empty();
        let versions_2017 = self.versions_after(live.as_ref(), &history).await?;
        let next = history.next()?;
        Ok(RollbackPlan {
            number,
            live: live.as_ref().map(|live| live.pointer.version),
            next: next_number(last)?,
            files: release.files,
            bytes: release.bytes,
            notes: self.notes_after(&release),
            is_live,
            epoch: last.map_or(0, |(epoch, _)| epoch),
            release,
            old,
            live_pointer: live,
        })
    }

    /// Publishes the content of an earlier release under a new number. No byte of it is sent again.
    pub async fn rollback(&self, plan: RollbackPlan) -> Result<Published, PublishError> {
        let keys = self.keys();
        self.store.check_safety(&keys).await?;
        let live = plan.live_pointer.as_ref();
        let now = match live {
            Some(live) => read_file_list(&*self.store, &keys, &live.pointer).await?,
            None => FileList2017::default(),
        };
        let list = list_for_2017(&plan.old, &now, plan.next)?;
        self.go_live(index(&plan, list), live).await?;
        let invalidation = self.invalidate(plan.next).await;
        published(&plan.release, plan.next, invalidation)
    }

    /// Tells the edge of the live release once more, as [`Publisher::invalidate_again`] does: what an
    /// empty plan has left to do.
    pub async fn invalidate_rollback_again(&self, plan: &RollbackPlan) -> Option<String> {
        self.invalidate_live(plan.live_pointer.as_ref()?).await
    }

    /// The publisher's words, or those of the old release.
    fn notes_after(&self, release: &Release) -> String {
        let own = self.notes();
        if own.is_empty() { release.notes.clone() } else { own }
    }

    /// Fails where the store has lost something of an old release, to a lifecycle rule or to a hand:
    /// players could not install it. Answers with its 2017 list.
    async fn check_complete(
        &self,
        pointer: &Pointer,
        release: &Release,
    ) -> Result<FileList2017, PublishError> {
        let (keys, number) = (self.keys(), release.number);
        let list = read_file_list(&*self.store, &keys, pointer).await.map_err(gone(number))?;
        for named in &release.manifests {
            let manifest = read_manifest(&*self.store, &keys, named).await.map_err(gone(number))?;
            let locations =
                read_locations(&*self.store, &keys, named, &manifest).await.map_err(gone(number))?;
            self.check_objects(number, wanted_files(&keys, &manifest, locations.versions())).await?;
        }
        Ok(list)
    }

    async fn check_objects(&self, number: u64, files: Vec<WantedFile>) -> Result<(), PublishError> {
        let total = Total { bytes: None, items: Some(files.len() as u64) };
        let watcher: Arc<dyn PhaseProgress> = self.progress.start(Phase::Verify, total).into();
        let questions = files.into_iter().map(|file| {
            let (store, watcher) = (Arc::clone(&self.store), Arc::clone(&watcher));
            async move {
                let stored = store.stat(&file.object).await?;
                if stored.is_none_or(|stored| stored.length != file.size) {
                    let ObjectRef { key, version } = file.object;
                    return Err(PublishError::Gone { number, key, version });
                }
                watcher.item(file.path.as_str());
                Ok(())
            }
        });
        stream::iter(questions).buffered(CONCURRENT_STATS).try_collect().await
    }

    pub(crate) async fn live_pointer(&self) -> Result<Option<ReadPointer>, PublishError> {
        let object = ObjectRef::newest(self.keys().pointer(&self.options.channel));
        Ok(read_pointer(&*self.store, &object).await?)
    }

    /// Epoch and number of the last release of a channel whose pointer somebody has deleted.
    pub(crate) async fn last_deleted(&self) -> Result<Option<(u64, u64)>, PublishError> {
        Ok(last_of(&self.old_pointers().await?))
    }

    /// The pointers of the newest releases, newest first.
    pub(crate) async fn newest_pointers(&self, most: usize) -> Result<Vec<Pointer>, PublishError> {
        // One that was written again under its number, or can't be read, is not counted.
        let read = self.newest_versions(most.saturating_mul(2)).await?;
        let mut pointers: Vec<Pointer> = read.into_iter().map(|old| old.pointer).collect();
        pointers.dedup_by_key(|pointer| pointer.version);
        pointers.truncate(most);
        Ok(pointers)
    }

    /// Every readable pointer that the channel has had, newest first.
    async fn old_pointers(&self) -> Result<Vec<OldPointer>, PublishError> {
        self.newest_versions(usize::MAX).await
    }

    async fn newest_versions(&self, most: usize) -> Result<Vec<OldPointer>, PublishError> {
        let key = self.keys().pointer(&self.options.channel);
        let mut versions = self.store.versions(&key).await?;
        versions.truncate(most);
        let reads = versions.into_iter().map(|version| self.old_pointer(&key, version));
        let reads: Vec<Option<OldPointer>> = stream::iter(reads.collect::<Vec<_>>())
            .buffered(CONCURRENT_READS)
            .try_collect::<Vec<_>>()
            .await?;
        Ok(reads.into_iter().flatten().collect())
    }

    /// One old pointer. What somebody has once put there by mistake must not hide the others.
    async fn old_pointer(
        &self,
        key: &str,
        version: ObjectVersion,
    ) -> Result<Option<OldPointer>, PublishError> {
        let object = ObjectRef::at(key, &version.version);
        match read_pointer(&*self.store, &object).await {
            Ok(read) => Ok(read.map(|read| OldPointer { pointer: read.pointer, newest: version.newest })),
            Err(ReadError::Store(error)) if error.kind != FailureKind::BadAnswer => Err(error.into()),
            Err(error) => {
                let problem = error.to_string();
                self.progress.warn(Warning::UnreadableRelease { version: version.version, problem });
                Ok(None)
            }
        }
    }
}

fn last_of(pointers: &[OldPointer]) -> Option<(u64, u64)> {
    pointers.iter().map(|old| old.pointer.order()).max()
}

/// Whether a live release has the same files as another release, on every system.
fn has_content_of(live: &ReadPointer, release: &Release) -> bool {
    let content = |release: &Release| -> Vec<_> {
        release.manifests.iter().map(|named| (named.platform, named.manifest.digest)).collect()
    };
    live.pointer.release.as_ref().is_some_and(|live| content(live) == content(release))
}

fn gone(number: u64) -> impl Fn(ReadError) -> PublishError {
    move |error| match error {
        ReadError::Store(error) if error.is_not_found() => {
            PublishError::Gone { number, key: error.key, version: None }
        }
        other => other.into(),
    }
}

/// One version of the pointer.
struct OldPointer {
    pointer: Pointer,
    /// Whether it is what players get now.
    newest: bool,
}

fn summary(pointer: &Pointer, live: Option<u64>) -> ReleaseSummary {
    let release = pointer.release.as_ref();
    ReleaseSummary {
        number: pointer.version,
        date: release.map(|release| release.issued_at),
        notes: release.map(|release| release.notes.clone()).unwrap_or_default(),
        files: release.map_or(0, |release| release.files),
        bytes: release.map_or(0, |release| release.bytes),
        content_of: release.and_then(|release| release.content_of),
        made_by_2017: release.is_none(),
        live: live == Some(pointer.version),
    }
}

/// A 2017 client fetches what has a larger version than its own: whatever differs from the live
/// release gets the new number.
fn list_for_2017(old: &FileList2017, now: &FileList2017, next: u64) -> Result<FileList2017, FormatError> {
    let mut list = FileList2017::default();
    for (path, record) in old.iter() {
        let version = match now.get(path) {
            Some(live) if live.s3_versionid == record.s3_versionid => live.version,
            // A client that has skipped the releases between may still hold the old one.
            live => version_2017(live, version_2017(Some(record), next)?)?,
        };
        list.insert(path.clone(), Record2017 { version, ..record.clone() });
    }
    Ok(list)
}

fn index(plan: &RollbackPlan, list: FileList2017) -> Index {
    let release = &plan.release;
    Index {
        epoch: plan.epoch,
        number: plan.next,
        files: release.files,
        bytes: release.bytes,
        notes: plan.notes.clone(),
        content_of: Some(release.content_of.unwrap_or(release.number)),
        list,
        manifests: release.manifests.clone(),
    }
}

fn published(
    release: &Release,
    number: u64,
    invalidation: Option<String>,
) -> Result<Published, PublishError> {
    let named = release.manifests.first().ok_or(PublishError::NoRelease { number: release.number })?;
    Ok(Published {
        number,
        files: release.files,
        bytes: release.bytes,
        uploaded_bytes: 0,
        uploaded_files: 0,
        resumed_files: 0,
        resumed_bytes: 0,
        copied_files: 0,
        manifest: named.manifest.digest,
        invalidation,
    })
}
