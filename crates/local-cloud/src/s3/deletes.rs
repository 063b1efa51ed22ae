//! DeleteObject and DeleteObjects.

use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::S3Api;
use crate::index::versions::WriteError;
use crate::storage::Storage;

/// What a delete did.
struct Deleted {
    /// A marker was made, or a marker was removed.
    marker: bool,
    /// The marker's version, or the version that went.
    version_id: String,
}

impl S3Api {
    pub(super) async fn object_delete(&self, input: DeleteObjectInput) -> S3Result<DeleteObjectOutput> {
        self.require_bucket(&input.bucket)?;
        if input.if_match.is_some() {
            return Err(s3_error!(NotImplemented, "If-Match on DeleteObject."));
        }
        let deleted = self
            .blocking(move |storage| delete(storage, &input.bucket, &input.key, input.version_id))
            .await?;
        Ok(DeleteObjectOutput {
            delete_marker: deleted.marker.then_some(true),
            version_id: Some(deleted.version_id),
            ..DeleteObjectOutput::default()
        })
    }

    pub(super) async fn objects_delete(&self, input: DeleteObjectsInput) -> S3Result<DeleteObjectsOutput> {
        self.require_bucket(&input.bucket)?;
        if input.delete.objects.is_empty() || input.delete.objects.len() > 1000 {
            return Err(s3_error!(MalformedXML, "1 to 1000 keys in one request."));
        }
        let quiet = input.delete.quiet.unwrap_or(false);
        let deleted = self
            .blocking(move |storage| {
                let objects = input.delete.objects.into_iter();
                objects
                    .map(|object| delete_one_of_many(storage, &input.bucket, object))
                    .collect::<Result<Vec<_>, WriteError>>()
            })
            .await?;
        Ok(DeleteObjectsOutput { deleted: (!quiet).then_some(deleted), ..DeleteObjectsOutput::default() })
    }
}

fn delete_one_of_many(
    storage: &Storage,
    bucket: &str,
    object: ObjectIdentifier,
) -> Result<DeletedObject, WriteError> {
    let deleted = delete(storage, bucket, &object.key, object.version_id.clone())?;
    Ok(DeletedObject {
        delete_marker: deleted.marker.then_some(true),
        delete_marker_version_id: deleted.marker.then_some(deleted.version_id),
        key: Some(object.key),
        version_id: object.version_id,
    })
}

fn delete(
    storage: &Storage,
    bucket: &str,
    key: &str,
    version_id: Option<String>,
) -> Result<Deleted, WriteError> {
    let Some(version_id) = version_id else {
        return Ok(Deleted { marker: true, version_id: storage.index.add_delete_marker(bucket, key)? });
    };
    // Deleting what is not there is a success in S3.
    let removed = storage.index.remove_version(bucket, key, &version_id)?;
    let marker = removed.as_ref().is_some_and(|removed| removed.blob.is_none());
    storage.discard(removed.and_then(|removed| removed.blob));
    Ok(Deleted { marker, version_id })
}
