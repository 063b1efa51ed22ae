//! A store in memory, for tests and for trying a publish out.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use naru_protocol::{Digest, Md5Digest};

use crate::body::refuse_empty;
use crate::s3::{md5_of, read_checked};
use crate::{
    Body, FailureKind, Listed, ObjectRef, ObjectVersion, Put, PutOptions, ReadStore, StoreError, Stored,
    UploadProgress, UploadSource, VersionMarker, VersionPage, WriteCondition, WriteStore,
};

/// Versions on one page of a listing, as with S3.
const PAGE: usize = 1000;

/// Keeps every version of every object and honours conditions, as S3 does.
#[derive(Debug, Default)]
pub struct MemoryStore {
    objects: Mutex<Objects>,
}

#[derive(Debug, Default)]
struct Objects {
    /// Versions of each key, oldest first.
    by_key: BTreeMap<String, Vec<Version>>,
    /// Keys whose newest version is a delete marker.
    deleted: BTreeSet<String>,
    writes: u64,
}

#[derive(Debug, Clone)]
struct Version {
    id: String,
    bytes: Bytes,
    md5: Md5Digest,
    digest: Option<Digest>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Deletes a key; its versions stay, as in a bucket that keeps them.
    pub fn delete(&self, key: &str) {
        self.objects().deleted.insert(key.to_owned());
    }

    /// Drops one version for good, as a lifecycle rule does.
    pub fn expire(&self, key: &str, version: &str) {
        if let Some(versions) = self.objects().by_key.get_mut(key) {
            versions.retain(|kept| kept.id != version);
        }
    }

    fn objects(&self) -> MutexGuard<'_, Objects> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, object: &ObjectRef) -> Option<Version> {
        let objects = self.objects();
        match &object.version {
            None => objects.newest(&object.key).cloned(),
            Some(id) => objects.by_key.get(&object.key)?.iter().find(|version| version.id == *id).cloned(),
        }
    }
}

impl Version {
    fn etag(&self) -> String {
        format!("\"{}\"", self.md5)
    }
}

impl Objects {
    fn newest(&self, key: &str) -> Option<&Version> {
        if self.deleted.contains(key) {
            return None;
        }
        self.by_key.get(key)?.last()
    }

    fn write(
        &mut self,
        key: &str,
        bytes: Bytes,
        condition: &WriteCondition,
        digest: Option<Digest>,
    ) -> Result<Version, StoreError> {
        let newest = self.newest(key);
        let holds = match condition {
            WriteCondition::None => true,
            WriteCondition::Absent => newest.is_none(),
            WriteCondition::Matches(tag) => newest.is_some_and(|newest| newest.etag() == *tag),
        };
        if !holds {
            let detail = format!("the condition {condition:?} does not hold");
            return Err(StoreError::new("put", key, FailureKind::Precondition, detail));
        }
        self.writes += 1;
        let version = Version { id: format!("v{}", self.writes), md5: md5_of(&bytes), bytes, digest };
        self.by_key.entry(key.to_owned()).or_default().push(version.clone());
        self.deleted.remove(key);
        Ok(version)
    }
}

#[async_trait]
impl ReadStore for MemoryStore {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        refuse_empty(object, range.as_ref())?;
        let version = self.find(object).ok_or_else(|| not_found("get", &object.key))?;
        let object_length = version.bytes.len() as u64;
        let range = range.unwrap_or(0..object_length);
        if range.end > object_length {
            let detail = format!("{range:?} reaches past the end at {object_length}");
            return Err(StoreError::new("get", &object.key, FailureKind::BadAnswer, detail));
        }
        let bytes = version.bytes.slice(range.start as usize..range.end as usize);
        Ok(Body {
            length: Some(bytes.len() as u64),
            object_length: Some(object_length),
            etag: Some(version.etag()),
            version: Some(version.id),
            stream: futures::stream::iter([Ok(bytes)]).boxed(),
        })
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        Ok(self.find(object).map(|version| Stored {
            length: version.bytes.len() as u64,
            etag: version.etag(),
            md5: Some(version.md5),
            digest: version.digest,
            version: Some(version.id),
        }))
    }

    fn name(&self) -> &str {
        "memory"
    }
}

#[async_trait]
impl WriteStore for MemoryStore {
    async fn put(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        let (bytes, scanned) = match source {
            UploadSource::Bytes(bytes) => (bytes, None),
            UploadSource::File { path, length, digest } => {
                (read_checked(key, path, length, digest).await?.0, Some(digest))
            }
        };
        let length = bytes.len() as u64;
        let version = self.objects().write(key, bytes, &condition, options.digest.or(scanned))?;
        progress.sent(length);
        Ok(Put { etag: version.etag(), md5: Some(version.md5), version: Some(version.id) })
    }

    async fn copy(&self, from: &ObjectRef, key: &str, options: PutOptions) -> Result<Put, StoreError> {
        let source = self.find(from).ok_or_else(|| not_found("copy", &from.key))?;
        let digest = options.digest.or(source.digest);
        let version = self.objects().write(key, source.bytes, &WriteCondition::None, digest)?;
        Ok(Put { etag: version.etag(), md5: None, version: Some(version.id) })
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError> {
        let objects = self.objects();
        let newest = objects.by_key.keys().filter_map(|key| {
            let newest = objects.newest(key)?;
            key.starts_with(prefix).then(|| Listed {
                key: key.clone(),
                length: newest.bytes.len() as u64,
                etag: newest.etag(),
            })
        });
        Ok(newest.collect())
    }

    async fn version_page(
        &self,
        prefix: &str,
        after: Option<VersionMarker>,
    ) -> Result<VersionPage, StoreError> {
        let objects = self.objects();
        let mut all =
            objects.by_key.iter().filter(|(key, _)| key.starts_with(prefix)).flat_map(|(key, versions)| {
                let newest = objects.newest(key).map(|newest| &newest.id);
                versions.iter().rev().map(move |version| {
                    let listed = ObjectVersion {
                        version: version.id.clone(),
                        length: version.bytes.len() as u64,
                        newest: newest == Some(&version.id),
                    };
                    (key.clone(), listed)
                })
            });
        if let Some(VersionMarker { key, version }) = after {
            all.by_ref().find(|(listed, at)| *listed == key && at.version == version);
        }
        let versions: Vec<_> = all.by_ref().take(PAGE).collect();
        let last = versions.last().filter(|_| all.next().is_some());
        let next = last.map(|(key, at)| VersionMarker { key: key.clone(), version: at.version.clone() });
        Ok(VersionPage { versions, next })
    }
}

fn not_found(operation: &'static str, key: &str) -> StoreError {
    StoreError::new(operation, key, FailureKind::NotFound, "no such object")
}
