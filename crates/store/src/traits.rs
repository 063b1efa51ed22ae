//! The two capabilities of a store, and the edge's cache.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use naru_protocol::{Digest, Keys};

use crate::body::read_bounded;
use crate::safety;
use crate::{
    Body, Listed, ObjectRef, ObjectVersion, Put, PutOptions, StoreError, Stored, VersionMarker, VersionPage,
    WriteCondition,
};

/// A place that objects are read from.
#[async_trait]
pub trait ReadStore: Send + Sync {
    /// Opens an object, or the given bytes of it. Answers exactly the range that was asked for, or
    /// fails: a 200 where a 206 was due is [`crate::FailureKind::BadAnswer`].
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError>;

    /// What the store knows of an object; `None` where there is none.
    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError>;

    /// Reads a whole object of at most `limit` bytes into memory.
    ///
    /// The limit holds for announced and for arriving bytes (endless-data attack).
    async fn read(&self, object: &ObjectRef, limit: u64) -> Result<Bytes, StoreError> {
        read_bounded(object, self.open(object, None).await?, limit).await
    }

    /// A name for messages: `https://…`, `s3://bucket`.
    fn name(&self) -> &str;
}

/// Bytes to be written.
#[derive(Debug, Clone)]
pub enum UploadSource {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A file of the build. Reading it must give `digest`, or the upload fails and leaves no object:
    /// a file that changes after the scan must not be published under the digest of the scan.
    File {
        /// Which file.
        path: PathBuf,
        /// Its length in bytes when it was scanned.
        length: u64,
        /// Its BLAKE3 when it was scanned.
        digest: Digest,
    },
}

/// Receives upload progress.
pub trait UploadProgress: Send + Sync {
    /// The store has accepted this many more bytes.
    fn sent(&self, bytes: u64);

    /// This many bytes need not be sent, because an earlier, interrupted upload had sent them.
    fn already_there(&self, bytes: u64) {
        self.sent(bytes);
    }
}

impl UploadProgress for () {
    fn sent(&self, _bytes: u64) {}
}

/// A place that objects are written to, and that keeps their versions.
#[async_trait]
pub trait WriteStore: ReadStore {
    /// Writes an object; large ones in parts. An upload in parts that an earlier, killed process
    /// began for the same bytes is continued: parts that arrived are not sent again.
    async fn put(
        &self,
        key: &str,
        source: UploadSource,
        condition: WriteCondition,
        options: PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError>;

    /// Bytes of a file that an earlier, killed upload in parts has brought, which [`WriteStore::put`]
    /// would not send again if they turn out to be the file's. None where the store takes no parts.
    async fn arrived_bytes(&self, _key: &str, _length: u64, _digest: &Digest) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// Makes `key` hold the bytes of another object without their leaving the store.
    async fn copy(&self, from: &ObjectRef, key: &str, options: PutOptions) -> Result<Put, StoreError>;

    /// All keys that begin with a prefix, newest versions only.
    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, StoreError>;

    /// Lists the versions of all keys that begin with a prefix, one request's worth at a time: keys in
    /// their order, and the versions of one key newest first.
    async fn version_page(
        &self,
        prefix: &str,
        after: Option<VersionMarker>,
    ) -> Result<VersionPage, StoreError>;

    /// All versions of one key, newest first.
    async fn versions(&self, key: &str) -> Result<Vec<ObjectVersion>, StoreError> {
        let (mut versions, mut after) = (Vec::new(), None);
        loop {
            let page = self.version_page(key, after).await?;
            let of_key = page.versions.into_iter().filter(|(listed, _)| listed == key);
            versions.extend(of_key.map(|(_, version)| version));
            // Keys come in order, and `key` is the first that begins with itself.
            after = page.next.filter(|next| next.key == key);
            if after.is_none() {
                return Ok(versions);
            }
        }
    }

    /// Fails with [`crate::FailureKind::Unsupported`] unless the store really keeps versions and
    /// really refuses a conditional write whose condition does not hold. It tries both on
    /// [`Keys::probe`], because a store that does not know a condition ignores it without a word.
    async fn check_safety(&self, keys: &Keys) -> Result<(), StoreError> {
        safety::check(self, &keys.probe()).await
    }
}

/// An invalidation that the edge has accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalidation {
    /// The edge's name for it.
    pub id: String,
    /// Whether every edge location has dropped the path.
    pub completed: bool,
}

/// The edge's cache, as a publisher sees it.
#[async_trait]
pub trait Invalidator: Send + Sync {
    /// Asks the edge to drop one path (a key, without the leading slash).
    async fn invalidate(&self, key: &str) -> Result<Invalidation, StoreError>;

    /// Asks how far an invalidation is.
    async fn progress(&self, id: &str) -> Result<Invalidation, StoreError>;

    /// How long to wait between two questions.
    fn poll_interval(&self) -> Duration;
}
