//! Going live: the 2017 list, then the pointer, the one moment at which the world changes.

use jiff::Timestamp;
use naru_protocol::{Digest, FileList2017, PlatformManifest, Pointer, Release};
use naru_store::{FailureKind, ObjectRef, StoreError, WriteCondition};
use serde::Serialize;

use super::{IMMUTABLE_CACHING, ReleaseLog};
use crate::PublishError;
use crate::remote::{ReadError, ReadPointer, read_pointer};

/// How an edge and a client keep the pointer: never without asking, and the edge for half a minute,
/// so that a release is seen soon even where the invalidation failed.
const POINTER_CACHING: &str = "public, max-age=0, s-maxage=30";

/// A release that players can see.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// Its number.
    pub number: u64,
    /// How many files it has.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Bytes of the build that were sent by this run.
    pub uploaded_bytes: u64,
    /// Files that were sent by this run.
    pub uploaded_files: u64,
    /// Files that were in the store already, though not in the live release.
    pub resumed_files: u64,
    /// Bytes that were in the store already: of these files, and parts of others.
    pub resumed_bytes: u64,
    /// Files whose bytes were already in the store under another name.
    pub copied_files: u64,
    /// The manifest's digest.
    pub manifest: Digest,
    /// The edge's name for the invalidation.
    pub invalidation: Option<String>,
}

impl Published {
    /// A release for which nothing was sent: the content of another one, or the live one itself.
    pub(crate) fn without_upload(
        release: &Release,
        number: u64,
        invalidation: Option<String>,
    ) -> Result<Self, PublishError> {
        let named = release.manifests.first().ok_or(PublishError::NoRelease { number: release.number })?;
        Ok(Self {
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
}

/// Everything that the index of a release is made of.
pub(crate) struct Index {
    pub(crate) epoch: u64,
    pub(crate) number: u64,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) notes: String,
    pub(crate) content_of: Option<u64>,
    pub(crate) list: FileList2017,
    pub(crate) manifests: Vec<PlatformManifest>,
}

impl ReleaseLog {
    /// What an empty plan comes to: the live release, of which the edge is told once more.
    pub(crate) async fn stay_live(&self, live: &ReadPointer) -> Result<Published, PublishError> {
        let number = live.pointer.version;
        let release = live.pointer.release.as_ref().ok_or(PublishError::Release2017 { number })?;
        Published::without_upload(release, number, self.invalidate_again(live).await)
    }

    /// Replaces the pointer that the plan was made against; `None` where there was none.
    pub(crate) async fn go_live(&self, index: Index, live: Option<&ReadPointer>) -> Result<(), PublishError> {
        // 6. The 2017 list, a new version for each release.
        let key = self.keys().filedb_2017();
        let put = self.put_json(&key, index.list.encode()?, WriteCondition::None, IMMUTABLE_CACHING).await?;
        let pointer = Pointer {
            version: index.number,
            filedb_version: put.version.ok_or(PublishError::NoVersion { key })?,
            release: Some(Release {
                format: 1,
                channel: self.options.channel.clone(),
                epoch: index.epoch,
                number: index.number,
                issued_at: Timestamp::now(),
                notes: index.notes,
                files: index.files,
                bytes: index.bytes,
                content_of: index.content_of,
                manifests: index.manifests,
            }),
        };
        // 7. The pointer. Of two publishers at once, the slower one would undo what the other has
        //    published; the condition refuses it.
        let condition = match live {
            None => WriteCondition::Absent,
            Some(live) => WriteCondition::Matches(live.etag.clone().unwrap_or_default()),
        };
        let key = self.keys().pointer(&self.options.channel);
        match self.put_json(&key, pointer.encode()?, condition, POINTER_CACHING).await {
            Ok(_) => Ok(()),
            Err(failure) => self.settle(&key, &pointer, live, failure).await,
        }
    }

    /// Finds out what became of a pointer write that failed: it may have arrived, and only the
    /// answer been lost.
    async fn settle(
        &self,
        key: &str,
        ours: &Pointer,
        live: Option<&ReadPointer>,
        failure: StoreError,
    ) -> Result<(), PublishError> {
        let was_refused = is_refusal(failure.kind);
        let now = match read_pointer(&*self.store, &ObjectRef::newest(key)).await {
            Ok(now) => now,
            Err(ReadError::Store(_)) if !was_refused => {
                return Err(PublishError::Unclear { number: ours.version, source: failure.into() });
            }
            Err(_) => return Err(lost(live, failure)),
        };
        // No other publisher can have written this one: it names our own version of the list.
        if now.as_ref().is_some_and(|now| now.pointer == *ours) {
            return Ok(());
        }
        let is_untouched = now.map(|now| now.etag) == live.map(|live| live.etag.clone());
        if is_untouched || was_refused {
            return Err(lost(live, failure));
        }
        Err(conflict(live))
    }
}

/// Whether the store has said no, so that the write can't have happened.
fn is_refusal(kind: FailureKind) -> bool {
    matches!(
        kind,
        FailureKind::Precondition
            | FailureKind::Denied
            | FailureKind::WrongKey
            | FailureKind::NoCredentials
            | FailureKind::WrongClock
            | FailureKind::Unsupported
            | FailureKind::NotFound
            | FailureKind::NoBucket
    )
}

fn lost(live: Option<&ReadPointer>, failure: StoreError) -> PublishError {
    if failure.kind == FailureKind::Precondition { conflict(live) } else { failure.into() }
}

fn conflict(live: Option<&ReadPointer>) -> PublishError {
    PublishError::Conflict { expected: live.map(|live| live.pointer.version) }
}
