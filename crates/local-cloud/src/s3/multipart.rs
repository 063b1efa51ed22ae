//! Multipart uploads: begin, parts, complete, abort.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>

use s3s::dto::*;
use s3s::{S3Request, S3Result, s3_error};

use super::checksums::{Declared, with_checksum};
use super::conditions::{self, ReadConditions};
use super::copying::Source;
use super::faults;
use super::objects::{add_or_discard, real_encoding, special_class, stored_headers};
use super::{S3Api, tags};
use crate::checksum::Algorithm;
use crate::clock;
use crate::index::records::{Part, StoredHeaders, Upload};
use crate::index::versions::WriteError;
use crate::intake::{self, Received};
use crate::names;
use crate::outflow;

mod assembly;

impl S3Api {
    pub(super) async fn upload_create(
        &self,
        input: CreateMultipartUploadInput,
    ) -> S3Result<CreateMultipartUploadOutput> {
        self.require_bucket(&input.bucket)?;
        let algorithm = parse_algorithm(input.checksum_algorithm.as_ref())?;
        let composite = is_composite(algorithm, input.checksum_type.as_ref())?;
        let upload = Upload {
            id: names::upload_id(),
            key: input.key.clone(),
            initiated: clock::now(),
            headers: stored_headers!(input),
            algorithm: algorithm.map(|algorithm| algorithm.name().to_owned()),
            composite,
            completed: None,
        };
        let (bucket, id) = (input.bucket.clone(), upload.id.clone());
        self.blocking(move |storage| storage.index.create_upload(&bucket, &upload)).await?;
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            checksum_algorithm: input.checksum_algorithm,
            checksum_type: algorithm.map(|_| kind(composite)),
            key: Some(input.key),
            server_side_encryption: input.server_side_encryption,
            upload_id: Some(id),
            ..CreateMultipartUploadOutput::default()
        })
    }

    pub(super) async fn part_put(&self, request: S3Request<UploadPartInput>) -> S3Result<UploadPartOutput> {
        let input = request.input;
        let declared = Declared::from_headers(&request.headers)?;
        let number = part_number(input.part_number)?;
        self.open_upload(&input.bucket, &input.key, &input.upload_id)?;

        let body = self.counted(input.body);
        let received = intake::receive(&self.storage.blobs, body, declared.hasher()).await?;
        let checksum = declared.verify(&received, request.trailing_headers.as_ref())?;
        let part = self.keep_part(input.upload_id, number, received, checksum.clone()).await?;
        let output = UploadPartOutput { e_tag: Some(ETag::Strong(part.md5)), ..UploadPartOutput::default() };
        Ok(with_checksum!(output, checksum))
    }

    pub(super) async fn part_copy(&self, input: UploadPartCopyInput) -> S3Result<UploadPartCopyOutput> {
        let source = Source::of(&input.copy_source)?;
        let number = part_number(input.part_number)?;
        let upload = self.open_upload(&input.bucket, &input.key, &input.upload_id)?;
        let (from, blob) = self.readable(source.bucket, source.key, source.version_id)?;
        ReadConditions {
            if_match: input.copy_source_if_match.as_ref(),
            if_none_match: input.copy_source_if_none_match.as_ref(),
            if_modified_since: input.copy_source_if_modified_since.as_ref(),
            if_unmodified_since: input.copy_source_if_unmodified_since.as_ref(),
        }
        .check_source(&from)?;

        let range = copy_range(input.copy_source_range.as_deref(), from.size)?;
        let algorithm = upload.algorithm.as_deref().and_then(Algorithm::by_name);
        let hasher = algorithm.map(Algorithm::hasher).unwrap_or_default();
        let body = outflow::open(&self.storage, &blob, range)?.into_stream();
        let received = intake::receive(&self.storage.blobs, body, hasher).await?;
        let checksum = algorithm.and_then(|algorithm| received.checksum(algorithm));
        let part = self.keep_part(input.upload_id, number, received, checksum.clone()).await?;
        let result = CopyPartResult {
            e_tag: Some(ETag::Strong(part.md5)),
            last_modified: Some(clock::system_time(part.modified).into()),
            ..CopyPartResult::default()
        };
        Ok(UploadPartCopyOutput {
            copy_part_result: Some(with_checksum!(result, checksum)),
            copy_source_version_id: Some(from.id),
            ..UploadPartCopyOutput::default()
        })
    }

    pub(super) async fn upload_complete(
        &self,
        input: CompleteMultipartUploadInput,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let condition = conditions::of_write(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let upload = self.upload(&input.bucket, &input.key, &input.upload_id)?;
        if let Some(id) = &upload.completed {
            return self.completed_before(&input, id);
        }
        let order = assembly::Order::read(&input, &upload)?;
        let bucket = input.bucket.clone();
        let (new, added) = self
            .blocking(move |storage| {
                let new = assembly::assemble(storage, &bucket, &upload, &order)?;
                let (added, parts) = add_or_discard(storage, &new, |new| {
                    storage.index.complete_upload(&upload.id, new, &condition)
                })?;
                storage.discard(parts);
                Ok::<_, s3s::S3Error>((new, added))
            })
            .await?;
        let output = CompleteMultipartUploadOutput {
            e_tag: Some(ETag::Strong(new.etag)),
            server_side_encryption: new.headers.encryption.map(ServerSideEncryption::from),
            version_id: Some(added.id),
            ..completed(&input)
        };
        Ok(with_checksum!(output, new.checksum))
    }

    pub(super) async fn upload_abort(
        &self,
        input: AbortMultipartUploadInput,
    ) -> S3Result<AbortMultipartUploadOutput> {
        let upload = self.open_upload(&input.bucket, &input.key, &input.upload_id)?;
        self.blocking(move |storage| {
            let blobs = storage.index.abort_upload(&upload.id)?;
            storage.discard(blobs);
            Ok::<_, WriteError>(())
        })
        .await?;
        Ok(AbortMultipartUploadOutput::default())
    }

    /// A client that lost the answer asks again and gets it again, as on S3.
    fn completed_before(
        &self,
        input: &CompleteMultipartUploadInput,
        version_id: &str,
    ) -> S3Result<CompleteMultipartUploadOutput> {
        let version = self
            .storage
            .index
            .version(&input.bucket, &input.key, version_id)?
            .ok_or_else(faults::no_such_upload)?;
        let output = CompleteMultipartUploadOutput {
            e_tag: Some(ETag::Strong(version.etag)),
            server_side_encryption: version.headers.encryption.map(ServerSideEncryption::from),
            version_id: Some(version.id),
            ..completed(input)
        };
        Ok(with_checksum!(output, version.checksum))
    }

    async fn keep_part(
        &self,
        upload: String,
        number: i32,
        received: Received,
        checksum: Option<crate::checksum::StoredChecksum>,
    ) -> S3Result<Part> {
        let kept = self.blocking(move |storage| {
            let part = Part {
                number,
                size: received.size,
                md5: hex::encode(received.md5),
                modified: clock::now(),
                checksum,
                blob: received.keep(&storage.blobs)?,
            };
            let replaced = storage.index.put_part(&upload, &part);
            if replaced.is_err() {
                storage.blobs.discard(&part.blob);
            }
            storage.discard(replaced?);
            Ok::<_, WriteError>(part)
        });
        Ok(kept.await?)
    }

    pub(super) fn upload(&self, bucket: &str, key: &str, id: &str) -> S3Result<Upload> {
        let found = self.storage.index.upload(bucket, key, id)?;
        found.ok_or_else(faults::no_such_upload)
    }

    pub(super) fn open_upload(&self, bucket: &str, key: &str, id: &str) -> S3Result<Upload> {
        let upload = self.upload(bucket, key, id)?;
        match upload.completed {
            None => Ok(upload),
            Some(_) => Err(faults::no_such_upload()),
        }
    }
}

fn completed(input: &CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput {
    CompleteMultipartUploadOutput {
        bucket: Some(input.bucket.clone()),
        key: Some(input.key.clone()),
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        ..CompleteMultipartUploadOutput::default()
    }
}

fn part_number(number: i32) -> S3Result<i32> {
    match number {
        1..=10_000 => Ok(number),
        _ => Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive")),
    }
}

fn parse_algorithm(name: Option<&ChecksumAlgorithm>) -> S3Result<Option<Algorithm>> {
    let Some(name) = name else { return Ok(None) };
    match Algorithm::by_name(name.as_str()) {
        Some(algorithm) => Ok(Some(algorithm)),
        None => Err(s3_error!(InvalidRequest, "Checksum algorithm provided is unsupported.")),
    }
}

/// CRC64NVME exists for whole objects only and SHA for parts only; the others default to parts.
fn is_composite(algorithm: Option<Algorithm>, kind: Option<&ChecksumType>) -> S3Result<bool> {
    let wanted = kind.map(|kind| kind.as_str() == ChecksumType::COMPOSITE);
    match (algorithm, wanted) {
        (Some(Algorithm::Crc64nvme), Some(true))
        | (Some(Algorithm::Sha1 | Algorithm::Sha256), Some(false)) => {
            Err(s3_error!(InvalidRequest, "The checksum type cannot be used with this checksum algorithm."))
        }
        (Some(Algorithm::Crc64nvme), None) => Ok(false),
        (_, wanted) => Ok(wanted.unwrap_or(true)),
    }
}

fn kind(composite: bool) -> ChecksumType {
    ChecksumType::from_static(match composite {
        true => ChecksumType::COMPOSITE,
        false => ChecksumType::FULL_OBJECT,
    })
}

fn copy_range(header: Option<&str>, size: u64) -> S3Result<std::ops::Range<u64>> {
    let Some(header) = header else {
        return Ok(0..size);
    };
    let range = Range::parse(header)
        .map_err(|error| s3_error!(error, InvalidArgument, "invalid x-amz-copy-source-range"))?;
    range.check(size).map_err(|_| faults::range_not_satisfiable(size))
}
