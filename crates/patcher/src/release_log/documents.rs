//! Writing the documents of a release.

use bytes::Bytes;
use naru_protocol::ObjectId;
use naru_store::{FailureKind, Put, PutOptions, StoreError, UploadSource, WriteCondition};

use super::ReleaseLog;
use crate::PublishError;
use crate::remote::{ReadError, read_document};

/// Every object but the pointer is named by its version or by its digest.
pub(crate) const IMMUTABLE_CACHING: &str = "public, max-age=31536000, immutable";

impl ReleaseLog {
    /// Writes an immutable document and reads it back: the pointer must not name what is not there.
    pub(crate) async fn put_document(
        &self,
        key: &str,
        id: &ObjectId,
        stored: Vec<u8>,
    ) -> Result<(), PublishError> {
        let stored = Bytes::from(stored);
        // The name is the digest, so what is there already is the same. If it is not, it was
        // overwritten, and the second round writes it again.
        for condition in [WriteCondition::Absent, WriteCondition::None] {
            let options = PutOptions {
                cache_control: Some(IMMUTABLE_CACHING),
                content_type: Some("application/zstd"),
                digest: None,
            };
            let source = UploadSource::Bytes(stored.clone());
            match self.store.put(key, source, condition, options, &()).await {
                Err(error) if error.kind == FailureKind::Precondition => {}
                other => drop(other?),
            }
            match read_document(&*self.store, key, id).await {
                Ok(_) => return Ok(()),
                Err(ReadError::Format(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(PublishError::ReadBack { key: key.into() })
    }

    pub(super) async fn put_json(
        &self,
        key: &str,
        bytes: Vec<u8>,
        condition: WriteCondition,
        caching: &'static str,
    ) -> Result<Put, StoreError> {
        let options =
            PutOptions { cache_control: Some(caching), content_type: Some("application/json"), digest: None };
        self.store.put(key, UploadSource::Bytes(bytes.into()), condition, options, &()).await
    }
}
