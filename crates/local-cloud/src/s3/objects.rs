//! PutObject, GetObject, HeadObject.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use s3s::dto::*;
use s3s::{S3Request, S3Response, S3Result, s3_error};

use super::checksums::{Declared, with_checksum};
use super::conditions::{self, ReadConditions};
use super::{Answer, S3Api, faults};
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
        refuse_part_number(input.part_number)?;
        let (version, blob) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        conditions.check(&version)?;
        let (range, content_range) = resolve(input.range.as_ref(), version.size)?;

        let length = range.end - range.start;
        let body = outflow::open(&self.storage, &blob, range)?;
        self.tally.s3_bytes_out.add(length);
        // A checksum of the whole says nothing about a piece.
        let checksum =
            (input.checksum_mode.is_some() && content_range.is_none()).then_some(version.checksum).flatten();
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
        refuse_part_number(input.part_number)?;
        let (version, _) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        conditions.check(&version)?;
        let (range, content_range) = resolve(input.range.as_ref(), version.size)?;

        let status = content_range.is_some().then_some(hyper::StatusCode::PARTIAL_CONTENT);
        let checksum =
            (input.checksum_mode.is_some() && content_range.is_none()).then_some(version.checksum).flatten();
        let output = HeadObjectOutput {
            accept_ranges: Some("bytes".to_owned()),
            cache_control: version.headers.cache_control,
            checksum_type: checksum.as_ref().map(|checksum| ChecksumType::from_static(checksum.kind())),
            content_disposition: version.headers.content_disposition,
            content_encoding: version.headers.content_encoding,
            content_language: version.headers.content_language,
            content_length: Some((range.end - range.start).cast_signed()),
            content_range,
            content_type: version.headers.content_type,
            e_tag: Some(ETag::Strong(version.etag)),
            last_modified: Some(clock::system_time(version.modified).into()),
            metadata: Some(version.headers.metadata.into_iter().collect()),
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

/// The bytes that a `Range` asks for, and the `Content-Range` to answer with.
fn resolve(range: Option<&Range>, size: u64) -> S3Result<(std::ops::Range<u64>, Option<String>)> {
    let Some(range) = range else {
        return Ok((0..size, None));
    };
    let range = range.check(size).map_err(|_| faults::range_not_satisfiable(size))?;
    let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
    Ok((range, Some(text)))
}

fn refuse_part_number(part_number: Option<PartNumber>) -> S3Result<()> {
    match part_number {
        None => Ok(()),
        Some(_) => {
            Err(s3_error!(NotImplemented, "Reading one part of an object by partNumber is not implemented."))
        }
    }
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
        }
    };
}
pub(super) use stored_headers;

/// `aws-chunked` describes the transfer and not the object; S3 does not store it.
pub(super) fn real_encoding(value: &str) -> Option<String> {
    let kept: Vec<&str> = value
        .split(',')
        .map(str::trim)
        .filter(|encoding| !encoding.is_empty() && *encoding != "aws-chunked")
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}
