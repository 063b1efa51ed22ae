//! Uploads in parts: begun or continued, sent four parts at a time, completed under a condition.

use std::path::PathBuf;

use aws_sdk_s3::config::{Builder, RequestChecksumCalculation};
use aws_sdk_s3::types::{self, ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use futures::{TryStreamExt, stream};
use naru_protocol::{Digest, Md5Digest};

use super::S3Store;
use super::attempts::Attempts;
use super::part_reader::{Part, PartReader, sums_of_many};
use super::parts::Parts;
use super::put::Ours;
use super::uploads::Upload;
use crate::sdk_failure::classify;
use crate::{
    DIGEST_METADATA, FailureKind, Put, PutOptions, StoreError, UploadProgress, WriteCondition, media_type,
};

/// A file that is too large for one request.
pub(super) struct LargeFile<'a> {
    pub key: &'a str,
    pub path: PathBuf,
    pub length: u64,
    pub digest: Digest,
}

impl S3Store {
    /// Continues what an earlier process began, or starts anew.
    pub(super) async fn put_in_parts(
        &self,
        file: &LargeFile<'_>,
        condition: &WriteCondition,
        options: &PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        let parts = Parts::plan(file.key, file.length, &file.digest, self.sizes.part)?;
        if let Some(upload) = self.find_upload(file.key, &parts).await? {
            match self.finish(file, &parts, &upload, condition, progress).await {
                // Another publisher's upload, or one that was completed or aborted in the meantime.
                Err(error) if error.is_not_found() => {}
                answer => return answer,
            }
        }
        let upload = self.begin(file.key, options).await?;
        self.finish(file, &parts, &upload, condition, progress).await
    }

    async fn begin(&self, key: &str, options: &PutOptions) -> Result<Upload, StoreError> {
        let request = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .content_type(options.content_type.unwrap_or_else(|| media_type::of_key(key)))
            .set_cache_control(options.cache_control.map(str::to_owned));
        let request = match options.digest {
            Some(digest) => request.metadata(DIGEST_METADATA, digest.to_string()),
            None => request,
        };
        let answer = request.send().await.map_err(|error| classify("put", key, error))?;
        let id = answer
            .upload_id
            .ok_or_else(|| StoreError::new("put", key, FailureKind::BadAnswer, "an upload without an id"))?;
        Ok(Upload { id, ..Upload::default() })
    }

    async fn finish(
        &self,
        file: &LargeFile<'_>,
        parts: &Parts,
        upload: &Upload,
        condition: &WriteCondition,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        let answer = match self.send_parts(file, parts, upload, progress).await {
            Ok((completed, md5)) => self.complete(file, upload, completed, condition, md5).await,
            Err(error) => Err(error),
        };
        // An upload that broke off is kept, to be continued. One of bytes that are no more, or that
        // came second, never will be.
        let hopeless =
            |kind| matches!(kind, FailureKind::Fatal | FailureKind::BadSource | FailureKind::Precondition);
        if answer.as_ref().is_err_and(|error| hopeless(error.kind)) {
            self.abort_upload(file.key, &upload.id).await;
        }
        answer
    }

    /// Reads the file once from its beginning to its end and sends what has not arrived. Memory
    /// holds the parts on their way and the one that is being read, as far as the budget of all
    /// uploads allows.
    async fn send_parts(
        &self,
        file: &LargeFile<'_>,
        parts: &Parts,
        upload: &Upload,
        progress: &dyn UploadProgress,
    ) -> Result<(Vec<CompletedPart>, Md5Digest), StoreError> {
        let reader = PartReader::open(file.key, &file.path, *parts, self.budget.clone(), file.digest).await?;
        let mut settled: Vec<(CompletedPart, Option<Md5Digest>)> =
            stream::try_unfold(reader, PartReader::next)
                .map_ok(|part| self.settle(file.key, upload, part, progress))
                .try_buffer_unordered(parts.parallel(self.sizes.part))
                .try_collect()
                .await?;
        settled.sort_by_key(|(part, _)| part.part_number);
        let whole = settled.iter().find_map(|(_, whole)| *whole);
        let md5 = whole.ok_or_else(|| {
            StoreError::new("put", file.key, FailureKind::Fatal, "a file without a last part")
        })?;
        Ok((settled.into_iter().map(|(part, _)| part).collect(), md5))
    }

    /// Sends a part, unless it has arrived before.
    async fn settle(
        &self,
        key: &str,
        upload: &Upload,
        part: Part,
        progress: &dyn UploadProgress,
    ) -> Result<(CompletedPart, Option<Md5Digest>), StoreError> {
        let Part { number, bytes, room, whole } = part;
        let length = bytes.len() as u64;
        let completed = if let Some(arrived) = upload.arrived.get(&number) {
            let completed = recognise(key, number, bytes, arrived).await?;
            progress.already_there(length);
            completed
        } else {
            let completed = self.send_part(key, &upload.id, number, bytes).await?;
            progress.sent(length);
            completed
        };
        drop(room);
        Ok((completed, whole))
    }

    async fn send_part(
        &self,
        key: &str,
        id: &str,
        number: u64,
        bytes: Bytes,
    ) -> Result<CompletedPart, StoreError> {
        let number = number_of(number);
        let with_checksum =
            Builder::default().request_checksum_calculation(RequestChecksumCalculation::WhenSupported);
        let answer = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .part_number(number)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .body(bytes.into())
            .customize()
            .config_override(with_checksum)
            .send()
            .await
            .map_err(|error| classify("put", key, error))?;
        let completed = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag);
        Ok(completed.set_checksum_crc32(answer.checksum_crc32).build())
    }

    async fn complete(
        &self,
        file: &LargeFile<'_>,
        upload: &Upload,
        parts: Vec<CompletedPart>,
        condition: &WriteCondition,
        md5: Md5Digest,
    ) -> Result<Put, StoreError> {
        let request = self
            .client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(file.key)
            .upload_id(&upload.id)
            .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(parts)).build());
        let request = match condition {
            WriteCondition::None => request,
            WriteCondition::Absent => request.if_none_match("*"),
            WriteCondition::Matches(tag) => request.if_match(tag),
        };
        let attempts = Attempts::default();
        let failure = match request.customize().interceptor(attempts.clone()).send().await {
            Ok(answer) => {
                return Ok(Put {
                    version: answer.version_id,
                    etag: answer.e_tag.unwrap_or_default(),
                    md5: Some(md5),
                });
            }
            Err(error) => classify("put", file.key, error),
        };
        // The upload is gone, or its condition failed: our own earlier attempt may have done that.
        let unclear = failure.is_not_found() || failure.kind == FailureKind::Precondition;
        if unclear && attempts.more_than_one() {
            let ours = Ours { length: file.length, digest: file.digest, md5: None };
            let won = self.won_after_all(file.key, &ours).await?;
            return won.map(|put| Put { md5: Some(md5), ..put }).ok_or(failure);
        }
        Err(failure)
    }
}

/// Accepts a part that arrived earlier if its checksum matches our bytes. Otherwise the upload belongs to
/// another publisher, which is reported as not found.
async fn recognise(
    key: &str,
    number: u64,
    bytes: Bytes,
    arrived: &types::Part,
) -> Result<CompletedPart, StoreError> {
    if !sums_of_many(key, bytes).await?.are_those_of(arrived) {
        let detail = "the unfinished upload is one of other bytes";
        return Err(StoreError::new("put", key, FailureKind::NotFound, detail));
    }
    let completed = CompletedPart::builder().part_number(number_of(number)).set_e_tag(arrived.e_tag.clone());
    Ok(completed.set_checksum_crc32(arrived.checksum_crc32.clone()).build())
}

/// At most 10,000, by the plan of the parts.
fn number_of(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
