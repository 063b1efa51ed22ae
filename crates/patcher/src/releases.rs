//! The releases that a channel had, and going back to one.

use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::Timestamp;
use naru_protocol::{FileList2017, Pointer, Release};
use naru_store::ObjectRef;
use serde::Serialize;

use crate::PublishError;
use crate::publish::{Index, Published, Publisher};
use crate::remote::{ReadError, ReadPointer, read_file_list, read_pointer};

/// Old pointers read at once.
const CONCURRENT_READS: usize = 16;

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

impl Publisher {
    /// Lists the releases of the channel, newest first: each is a version of the pointer.
    pub async fn releases(&self) -> Result<Vec<ReleaseSummary>, PublishError> {
        let pointers = self.old_pointers().await?;
        let live = pointers.first().map(|newest| newest.pointer.version);
        let mut summaries: Vec<_> = pointers.iter().map(|read| summary(&read.pointer, live)).collect();
        // A pointer that was written again under its number is still one release.
        summaries.dedup_by_key(|summary| summary.number);
        Ok(summaries)
    }

    /// Publishes the content of an earlier release under a new number. No byte of it is sent again.
    pub async fn rollback(&self, number: u64) -> Result<Published, PublishError> {
        let keys = self.keys();
        let pointers = self.old_pointers().await?;
        let wanted = pointers.iter().find(|read| read.pointer.version == number);
        let wanted = wanted.ok_or(PublishError::NoRelease { number })?;
        let release = wanted.pointer.release.clone().ok_or(PublishError::Release2017 { number })?;
        let live = pointers.first().ok_or(PublishError::NoRelease { number })?;
        self.store.check_safety(&keys).await?;
        let next = live.pointer.version + 1;
        let old = read_file_list(&*self.store, &keys, &wanted.pointer).await?;
        let now = read_file_list(&*self.store, &keys, &live.pointer).await?;
        let list = list_for_2017(&old, &now, next);
        self.go_live(index(self, &release, list, next), Some(live)).await?;
        let invalidation = self.invalidate().await;
        published(&release, next, invalidation)
    }

    async fn old_pointers(&self) -> Result<Vec<ReadPointer>, PublishError> {
        let key = self.keys().pointer(&self.options.channel);
        let versions = self.store.versions(&key).await?;
        let reads = versions.into_iter().map(|version| {
            let object = ObjectRef::at(&key, version.version);
            async move { read_pointer(&*self.store, &object).await }
        });
        let reads: Vec<Option<ReadPointer>> = stream::iter(reads.collect::<Vec<_>>())
            .buffered(CONCURRENT_READS)
            .try_collect::<Vec<_>>()
            .await
            .map_err(|error: ReadError| PublishError::from(error))?;
        Ok(reads.into_iter().flatten().collect())
    }
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
fn list_for_2017(old: &FileList2017, now: &FileList2017, next: u64) -> FileList2017 {
    let mut list = FileList2017::default();
    for (path, record) in old.iter() {
        let mut record = record.clone();
        record.version = match now.get(path) {
            Some(live) if live.s3_versionid == record.s3_versionid => live.version,
            _ => next,
        };
        list.insert(path.clone(), record);
    }
    list
}

fn index(publisher: &Publisher, release: &Release, list: FileList2017, next: u64) -> Index {
    let notes = &publisher.options.notes;
    Index {
        number: next,
        files: release.files,
        bytes: release.bytes,
        notes: if notes.is_empty() { release.notes.clone() } else { notes.clone() },
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
        copied_files: 0,
        manifest: named.manifest.digest,
        invalidation,
    })
}
