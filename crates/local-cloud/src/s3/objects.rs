//! PutObject, GetObject, HeadObject.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use s3s::dto::*;
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::checksums::{Declared, with_checksum};
use super::conditions::{self, ReadConditions};
use super::{Answer, S3Api, attributes, faults, tags};
use crate::checksum::StoredChecksum;
use crate::clock;
use crate::index::records::{StoredHeaders, Version};
use crate::index::versions::{NewVersion, WriteError};
use crate::intake;
use crate::outflow::{self, Outflow};
use crate::storage::Storage;

impl S3Api {
    pub(super) async fn object_put(&self, request: S3Request<PutObjectInput>) -> S3Result<PutObjectOutput> {
        let input = request.input;
        let declared = Declared::from_headers(&request.headers)?;
        let condition = conditions::of_write(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        self.require_bucket(&input.bucket)?;

        let headers = stored_headers!(input);
        let encryption = headers.encryption.clone();
        let body = self.counted(input.body);
        let received = intake::receive(&self.storage.blobs, body, declared.hasher()).await?;
        let checksum = declared.verify(&received, request.trailing_headers.as_ref())?;

        let etag = hex::encode(received.md5);
        let (bucket, key, size) = (input.bucket, input.key, received.size);
        let (new_etag, new_checksum) = (etag.clone(), checksum.clone());
        let added = self
            .blocking(move |storage| {
                let new = NewVersion {
                    blob: received.keep(&storage.blobs)?,
                    bucket,
                    key,
                    size,
                    etag: new_etag,
                    checksum: new_checksum,
                    headers,
                };
                add_or_discard(storage, &new, |new| storage.index.add_version(new, &condition))
            })
            .await?;
        let output = PutObjectOutput {
            e_tag: Some(ETag::Strong(etag)),
            version_id: Some(added.id),
            server_side_encryption: encryption.map(ServerSideEncryption::from),
            checksum_type: checksum.as_ref().map(|checksum| ChecksumType::from_static(checksum.kind())),
            ..PutObjectOutput::default()
        };
        Ok(with_checksum!(output, checksum))
    }

    pub(super) fn object_get(&self, input: &GetObjectInput) -> S3Result<GetObjectOutput> {
        let conditions = ReadConditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        };
        let (version, blob) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        conditions.check(&version)?;
        let Piece { bytes, content_range, checksum, parts_count } =
            Piece::of(&version, input.range.as_ref(), input.part_number)?;

        let length = bytes.end - bytes.start;
        let body = outflow::open(&self.storage, &blob, bytes)?;
        self.tally.s3_bytes_out.add(length);
        let checksum = checksum.filter(|_| input.checksum_mode.is_some());
        let tag_count = i32::try_from(version.headers.tags.len()).ok().filter(|count| *count > 0);
        let output = GetObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            body: Some(into_blob(body)),
            cache_control: version.headers.cache_control,
            checksum_type: checksum.as_ref().map(|checksum| ChecksumType::from_static(checksum.kind())),
            content_disposition: version.headers.content_disposition,
            content_encoding: version.headers.content_encoding,
            content_language: version.headers.content_language,
            content_length: Some(length.cast_signed()),
            content_range,
            content_type: version.headers.content_type,
            e_tag: Some(ETag::Strong(version.etag)),
            last_modified: Some(clock::system_time(version.modified).into()),
            metadata: Some(version.headers.metadata.into_iter().collect()),
            parts_count,
            server_side_encryption: version.headers.encryption.map(ServerSideEncryption::from),
            storage_class: version.headers.storage_class.map(StorageClass::from),
            tag_count,
            version_id: Some(version.id),
            ..GetObjectOutput::default()
        };
        Ok(with_checksum!(output, checksum))
    }

    pub(super) fn object_head(&self, input: &HeadObjectInput) -> Answer<HeadObjectOutput> {
        let conditions = ReadConditions {
            if_match: input.if_match.as_ref(),
            if_none_match: input.if_none_match.as_ref(),
            if_modified_since: input.if_modified_since.as_ref(),
            if_unmodified_since: input.if_unmodified_since.as_ref(),
        };
        let (version, _) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        conditions.check(&version)?;
        let Piece { bytes, content_range, checksum, parts_count } =
            Piece::of(&version, input.range.as_ref(), input.part_number)?;

        let status = content_range.is_some().then_some(hyper::StatusCode::PARTIAL_CONTENT);
        let checksum = checksum.filter(|_| input.checksum_mode.is_some());
        let output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            cache_control: version.headers.cache_control,
            checksum_type: checksum.as_ref().map(|checksum| ChecksumType::from_static(checksum.kind())),
            content_disposition: version.headers.content_disposition,
            content_encoding: version.headers.content_encoding,
            content_language: version.headers.content_language,
            content_length: Some((bytes.end - bytes.start).cast_signed()),
            content_range,
            content_type: version.headers.content_type,
            e_tag: Some(ETag::Strong(version.etag)),
            last_modified: Some(clock::system_time(version.modified).into()),
            metadata: Some(version.headers.metadata.into_iter().collect()),
            parts_count,
            server_side_encryption: version.headers.encryption.map(ServerSideEncryption::from),
            storage_class: version.headers.storage_class.map(StorageClass::from),
            version_id: Some(version.id),
            ..HeadObjectOutput::default()
        };
        let mut response = S3Response::new(with_checksum!(output, checksum));
        response.status = status;
        Ok(response)
    }

    /// Finds a version that has bytes.
    pub(super) fn readable(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
    ) -> S3Result<(Version, String)> {
        let index = &self.storage.index;
        let found = match version_id {
            Some(id) => index.version(bucket, key, id)?,
            None => index.latest(bucket, key)?,
        };
        let Some(mut version) = found else {
            self.require_bucket(bucket)?;
            return Err(match version_id {
                Some(_) => s3_error!(NoSuchVersion, "The specified version does not exist."),
                None => s3_error!(NoSuchKey, "The specified key does not exist."),
            });
        };
        match version.blob.take() {
            Some(blob) => Ok((version, blob)),
            None => Err(faults::delete_marker(&version, version_id.is_some())),
        }
    }

    /// A body whose bytes are counted as they come. A request without one has an empty one.
    pub(super) fn counted(
        &self,
        body: Option<StreamingBlob>,
    ) -> impl futures::Stream<Item = Result<Bytes, s3s::StdError>> + Unpin + use<> {
        let tally = Arc::clone(&self.tally);
        let body = futures::stream::iter(body).flatten();
        body.inspect(move |frame| {
            if let Ok(bytes) = frame {
                tally.s3_bytes_in.add(bytes.len() as u64);
            }
        })
    }
}

/// Runs `add`; when it refuses, the bytes that were to become visible go away again.
pub(super) fn add_or_discard<T>(
    storage: &Storage,
    new: &NewVersion,
    add: impl FnOnce(&NewVersion) -> Result<T, WriteError>,
) -> Result<T, WriteError> {
    let added = add(new);
    if added.is_err() {
        storage.blobs.discard(&new.blob);
    }
    added
}

/// What of an object an answer is about.
struct Piece {
    bytes: std::ops::Range<u64>,
    content_range: Option<String>,
    /// Of these bytes: that of the whole says nothing about a range.
    checksum: Option<StoredChecksum>,
    parts_count: Option<i32>,
}

impl Piece {
    fn of(version: &Version, range: Option<&Range>, part: Option<PartNumber>) -> S3Result<Piece> {
        match (range, part) {
            (None, None) => Ok(Piece {
                bytes: 0..version.size,
                content_range: None,
                checksum: version.checksum.clone(),
                parts_count: None,
            }),
            (Some(range), None) => {
                let size = version.size;
                let bytes = range.check(size).map_err(|_| faults::range_not_satisfiable(size))?;
                Ok(Piece {
                    content_range: content_range(&bytes, size),
                    bytes,
                    checksum: None,
                    parts_count: None,
                })
            }
            (None, Some(number)) => {
                let part = attributes::part(version, number)?;
                Ok(Piece {
                    content_range: content_range(&part.bytes, version.size),
                    bytes: part.bytes,
                    checksum: part.checksum,
                    parts_count: part.count,
                })
            }
            (Some(_), Some(_)) => Err(s3_error!(
                InvalidRequest,
                "Cannot specify both Range header and partNumber query parameter"
            )),
        }
    }
}

/// No bytes have no first and last one.
fn content_range(bytes: &std::ops::Range<u64>, size: u64) -> Option<String> {
    let last = bytes.end.checked_sub(1).filter(|_| !bytes.is_empty())?;
    Some(format!("bytes {}-{last}/{size}", bytes.start))
}

fn into_blob(body: Outflow) -> StreamingBlob {
    match body {
        Outflow::Whole(bytes) => StreamingBlob::from(s3s::Body::from(bytes)),
        Outflow::Chunks(chunks) => {
            let chunks: s3s::stream::DynByteStream = Box::pin(BoxedErrors(chunks));
            StreamingBlob::from(chunks)
        }
    }
}

/// The same chunks with the error type that `s3s` wants.
struct BoxedErrors(outflow::Chunks);

impl futures::Stream for BoxedErrors {
    type Item = Result<Bytes, s3s::StdError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context).map_err(Into::into)
    }
}

impl s3s::stream::ByteStream for BoxedErrors {
    fn remaining_length(&self) -> s3s::stream::RemainingLength {
        self.0.remaining_length()
    }
}

/// Picks the headers to store out of any of the three inputs that carry them.
macro_rules! stored_headers {
    ($input:expr) => {
        StoredHeaders {
            content_type: $input.content_type.clone().or_else(|| Some("binary/octet-stream".to_owned())),
            cache_control: $input.cache_control.clone(),
            content_disposition: $input.content_disposition.clone(),
            content_encoding: $input.content_encoding.as_deref().and_then(real_encoding),
            content_language: $input.content_language.clone(),
            metadata: $input.metadata.clone().unwrap_or_default().into_iter().collect(),
            tags: tags::of_header($input.tagging.as_deref())?,
            storage_class: $input.storage_class.as_ref().and_then(special_class),
            encryption: $input.server_side_encryption.as_ref().map(|kind| kind.as_str().to_owned()),
            parts: Vec::new(),
        }
    };
}
pub(super) use stored_headers;

/// A storage class that has to be said: answers leave `STANDARD` out.
pub(super) fn special_class(class: &StorageClass) -> Option<String> {
    (class.as_str() != StorageClass::STANDARD).then(|| class.as_str().to_owned())
}

/// `aws-chunked` describes the transfer and not the object; S3 does not store it.
pub(super) fn real_encoding(value: &str) -> Option<String> {
    let kept: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .filter(|encoding| !encoding.is_empty() && *encoding != "aws-chunked")
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}
