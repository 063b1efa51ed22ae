//! CopyObject.

use hyper::HeaderMap;
use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::checksums::with_checksum;
use super::conditions::{self, ReadConditions};
use super::objects::{add_or_discard, real_encoding, special_class, stored_headers};
use super::{S3Api, tags};
use crate::clock;
use crate::index::records::{StoredHeaders, Version};
use crate::index::versions::{Added, Condition, NewVersion, WriteError};
use crate::storage::Storage;

/// The place that `x-amz-copy-source` names.
pub(super) struct Source<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a str,
    pub(super) version_id: Option<&'a str>,
}

impl<'a> Source<'a> {
    pub(super) fn of(source: &'a CopySource) -> S3Result<Source<'a>> {
        match source {
            CopySource::Bucket { bucket, key, version_id } => {
                Ok(Source { bucket, key, version_id: version_id.as_deref() })
            }
            _ => Err(s3_error!(NotImplemented, "Access points are not implemented.")),
        }
    }
}

impl S3Api {
    pub(super) async fn object_copy(
        &self,
        input: CopyObjectInput,
        request: &HeaderMap,
    ) -> S3Result<CopyObjectOutput> {
        let source = Source::of(&input.copy_source)?;
        self.require_bucket(&input.bucket)?;
        let (from, blob) = self.readable(source.bucket, source.key, source.version_id)?;
        ReadConditions {
            if_match: input.copy_source_if_match.as_ref(),
            if_none_match: input.copy_source_if_none_match.as_ref(),
            if_modified_since: input.copy_source_if_modified_since.as_ref(),
            if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
        }
        .check_source(&from)?;
        let condition = target_condition(request)?;
        let headers = target_headers(&input, &from)?;
        let encryption = headers.encryption.clone();
        if changes_nothing(&input, &source) {
            return Err(s3_error!(
                InvalidRequest,
                "This copy request is illegal because it is trying to copy an object to itself \
                 without changing the object's metadata or other attributes."
            ));
        }

        let source_version = from.id.clone();
        let (etag, checksum) = (from.etag.clone(), from.checksum.clone());
        let target = NewVersion {
            bucket: input.bucket,
            key: input.key,
            blob,
            size: from.size,
            etag: from.etag,
            checksum: from.checksum,
            headers,
        };
        let added = self.blocking(move |storage| copy(storage, target, &condition)).await?;
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(etag)),
            last_modified: Some(clock::system_time(added.modified).into()),
            ..CopyObjectResult::default()
        };
        Ok(CopyObjectOutput {
            copy_object_result: Some(with_checksum!(result, checksum)),
            copy_source_version_id: Some(source_version),
            server_side_encryption: encryption.map(ServerSideEncryption::from),
            version_id: Some(added.id),
            ..CopyObjectOutput::default()
        })
    }
}

/// Adds `target` with a copy of the blob that it names, which belongs to the source.
fn copy(storage: &Storage, mut target: NewVersion, condition: &Condition) -> Result<Added, WriteError> {
    let mut writer = storage.blobs.create()?;
    writer.append_file(&mut storage.blobs.open_blob(&target.blob)?)?;
    target.blob = writer.finish()?;
    add_or_discard(storage, &target, |target| storage.index.add_version(target, condition))
}

/// `s3s` does not read the conditions on the target yet, S3 does.
fn target_condition(headers: &HeaderMap) -> S3Result<Condition> {
    let read = |name| {
        let value: Option<&hyper::header::HeaderValue> = headers.get(name);
        value
            .map(|value| ETagCondition::parse_http_header(value.as_bytes()))
            .transpose()
            .map_err(|error| s3_error!(error, InvalidArgument, "invalid header: {name}"))
    };
    conditions::of_write(read("if-match")?.as_ref(), read("if-none-match")?.as_ref())
}

fn replaces(input: &CopyObjectInput) -> bool {
    let directive = input.metadata_directive.as_ref();
    directive.is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE)
}

/// Metadata and tags come along unless they are replaced. Storage class and encryption are the
/// request's, and a copy has no parts, whatever the source was made of.
fn target_headers(input: &CopyObjectInput, from: &Version) -> S3Result<StoredHeaders> {
    let asked = stored_headers!(input);
    let tags = match &input.tagging_directive {
        Some(directive) if directive.as_str() == TaggingDirective::REPLACE => asked.tags.clone(),
        _ => from.headers.tags.clone(),
    };
    if replaces(input) {
        return Ok(StoredHeaders { tags, ..asked });
    }
    let StoredHeaders { storage_class, encryption, .. } = asked;
    Ok(StoredHeaders { tags, storage_class, encryption, parts: Vec::new(), ..from.headers.clone() })
}

/// Copying an older version over the key is how a version is restored, and allowed.
fn changes_nothing(input: &CopyObjectInput, source: &Source) -> bool {
    let same_place = source.bucket == input.bucket && source.key == input.key;
    let changes = replaces(input) || input.storage_class.is_some() || input.server_side_encryption.is_some();
    same_place && source.version_id.is_none() && !changes
}
