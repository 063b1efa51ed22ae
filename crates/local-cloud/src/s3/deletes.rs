//! DeleteObject and DeleteObjects.

use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::{S3Api, conditions, faults};
use crate::error::StorageError;
use crate::index::versions::{Condition, WriteError};
use crate::names;
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
        let condition = conditions::of_write(input.if_match.as_ref(), None)?;
        let deleted = self
            .blocking(move |storage| delete(storage, &input.bucket, &input.key, input.version_id, &condition))
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
        if input
            .delete
            .objects
            .iter()
            .any(|object| object.size.is_some() || object.last_modified_time.is_some())
        {
            return Err(s3_error!(NotImplemented, "Deletes on condition of a size or a time."));
        }
        let quiet = input.delete.quiet.unwrap_or(false);
        let outcomes = self
            .blocking(move |storage| {
                let objects = input.delete.objects.into_iter();
                Ok::<_, StorageError>(
                    objects
                        .map(|object| delete_one_of_many(storage, &input.bucket, object))
                        .collect::<Vec<_>>(),
                )
            })
            .await?;
        let (mut deleted, mut errors) = (Vec::new(), Vec::new());
        for outcome in outcomes {
            match outcome {
                Ok(object) => deleted.push(object),
                Err(error) => errors.push(error),
            }
        }
        Ok(DeleteObjectsOutput {
            deleted: (!quiet).then_some(deleted),
            errors: Some(errors),
            ..DeleteObjectsOutput::default()
        })
    }
}

fn delete_one_of_many(
    storage: &Storage,
    bucket: &str,
    object: ObjectIdentifier,
) -> Result<DeletedObject, Error> {
    let ObjectIdentifier { key, version_id, e_tag, .. } = object;
    match try_delete(storage, bucket, &key, version_id.clone(), e_tag) {
        Ok(deleted) => Ok(DeletedObject {
            delete_marker: deleted.marker.then_some(true),
            delete_marker_version_id: deleted.marker.then_some(deleted.version_id),
            key: Some(key),
            version_id,
        }),
        Err(error) => Err(Error {
            code: Some(error.code().as_str().to_owned()),
            key: Some(key),
            message: error.message().map(str::to_owned),
            version_id,
        }),
    }
}

fn try_delete(
    storage: &Storage,
    bucket: &str,
    key: &str,
    version_id: Option<String>,
    etag: Option<ETag>,
) -> S3Result<Deleted> {
    if version_id.as_ref().is_some_and(|id| names::read_version_id(id).is_none()) {
        return Err(faults::malformed_version());
    }
    let condition = conditions::of_write(etag.map(ETagCondition::ETag).as_ref(), None)?;
    Ok(delete(storage, bucket, key, version_id, &condition)?)
}

fn delete(
    storage: &Storage,
    bucket: &str,
    key: &str,
    version_id: Option<String>,
    condition: &Condition,
) -> Result<Deleted, WriteError> {
    let Some(version_id) = version_id else {
        let marker = storage.index.add_delete_marker(bucket, key, condition)?;
        return Ok(Deleted { marker: true, version_id: marker });
    };
    // Deleting what is not there is a success in S3.
    let removed = storage.index.remove_version(bucket, key, &version_id, condition)?;
    let marker = removed.as_ref().is_some_and(|removed| removed.blob.is_none());
    storage.discard(removed.and_then(|removed| removed.blob));
    Ok(Deleted { marker, version_id })
}
