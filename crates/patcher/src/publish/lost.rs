//! What the store has lost of the live release: to a lifecycle rule, or to a hand. A publish sends it
//! again.

use std::collections::HashSet;
use std::sync::Arc;

use naru_protocol::{FileEntry, Manifest, ObjectId, RelPath};
use naru_store::{ObjectRef, StoreError};

use super::Publisher;
use super::base::Base;
use super::compare::{Source, Sources};
use crate::presence::{self, ExpectedObject};
use crate::remote::{ReadError, read_document, unless_lost};
use crate::{Phase, PhaseProgress, PublishError, Silent, Total};

/// Takes the build folder as the source of every file whose object is gone. Answers with the keys of the
/// live release that players can no longer fetch.
pub(super) async fn mark(
    publisher: &Publisher,
    manifest: &Manifest,
    base: &Base,
    sources: &mut Sources,
) -> Result<Vec<String>, PublishError> {
    let mut lost = documents(publisher, base).await?;
    let stored = stored(publisher, manifest, base, sources);
    let missing = missing(publisher, &stored).await?;
    let damaged = match publisher.options.check {
        true => damaged(publisher, &stored, &missing).await?,
        false => HashSet::new(),
    };
    for StoredFile { path, expected } in stored {
        let is_damaged = damaged.contains(&expected.object);
        if !is_damaged && !missing.contains(&expected.object) {
            continue;
        }
        // A damaged object carries the digest that it should have, so it would pass for one that an
        // interrupted run has sent.
        let source = if is_damaged { Source::Again } else { Source::Upload };
        if sources.insert(path.clone(), source).is_none() {
            lost.push(expected.object.key);
        }
    }
    Ok(lost)
}

/// A file whose bytes the store should have.
struct StoredFile<'a> {
    path: &'a RelPath,
    expected: ExpectedObject,
}

/// The objects that the new release is to name or to copy.
fn stored<'a>(
    publisher: &Publisher,
    manifest: &'a Manifest,
    base: &Base,
    sources: &Sources,
) -> Vec<StoredFile<'a>> {
    let keys = publisher.log.keys();
    let objects = manifest.files().iter().filter_map(|FileEntry { path, size, digest, .. }| {
        let object = match sources.get(path) {
            None => ObjectRef::at(keys.file(path), &base.list.get(path)?.s3_versionid),
            Some(Source::Copy(copy)) => copy.from.clone(),
            Some(Source::Sent(_) | Source::Upload | Source::Again) => return None,
        };
        Some(StoredFile { path, expected: ExpectedObject { object, size: *size, digest: *digest } })
    });
    objects.collect()
}

async fn missing(publisher: &Publisher, stored: &[StoredFile<'_>]) -> Result<HashSet<ObjectRef>, StoreError> {
    let all = stored.iter().map(|file| file.expected.clone()).collect();
    let missing =
        presence::missing(&publisher.log.store, publisher.log.keys().prefix(), all, &Silent).await?;
    Ok(missing.into_iter().map(|expected| expected.object).collect())
}

async fn damaged(
    publisher: &Publisher,
    stored: &[StoredFile<'_>],
    missing: &HashSet<ObjectRef>,
) -> Result<HashSet<ObjectRef>, StoreError> {
    let there = stored.iter().map(|file| &file.expected);
    let there: Vec<_> = there.filter(|expected| !missing.contains(&expected.object)).cloned().collect();
    let bytes = there.iter().map(|expected| expected.size).sum();
    let total = Total { bytes: Some(bytes), items: Some(there.len() as u64) };
    let watcher: Arc<dyn PhaseProgress> = publisher.log.progress.start(Phase::Verify, total).into();
    let damaged = presence::damaged(&publisher.log.store, there, &watcher).await?;
    Ok(damaged.into_iter().map(|expected| expected.object).collect())
}

/// The documents of the live release that are not where players look for them.
async fn documents(publisher: &Publisher, base: &Base) -> Result<Vec<String>, PublishError> {
    let keys = publisher.log.keys();
    let mut lost = Vec::new();
    if base.list_is_lost {
        lost.push(keys.filedb_2017());
    }
    let release = base.pointer.as_ref().and_then(|live| live.pointer.release.as_ref());
    for named in release.iter().flat_map(|release| &release.manifests) {
        let manifest = (keys.manifest(&named.manifest.digest), &named.manifest);
        let locations = (keys.locations(&named.locations.digest), &named.locations);
        for (key, id) in [manifest, locations] {
            if !is_there(publisher, &key, id).await? {
                lost.push(key);
            }
        }
    }
    Ok(lost)
}

async fn is_there(publisher: &Publisher, key: &str, id: &ObjectId) -> Result<bool, ReadError> {
    if publisher.options.check {
        return Ok(unless_lost(read_document(&*publisher.log.store, key, id).await)?.is_some());
    }
    Ok(publisher.log.store.stat(&ObjectRef::newest(key)).await?.is_some())
}
