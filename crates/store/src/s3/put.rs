//! PutObject: one object in one request.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use naru_protocol::{Digest, Md5Digest};

use super::S3Store;
use super::attempts::Attempts;
use crate::sdk_failure::classify;
use crate::{
    DIGEST_METADATA, FailureKind, MD5_METADATA, ObjectRef, Put, PutOptions, StoreError, UploadProgress,
    WriteCondition, media_type,
};

impl S3Store {
    pub(super) async fn put_bytes(
        &self,
        key: &str,
        (bytes, md5): (Bytes, Md5Digest),
        condition: &WriteCondition,
        options: &PutOptions,
        progress: &dyn UploadProgress,
    ) -> Result<Put, StoreError> {
        let length = bytes.len() as u64;
        let put = SinglePut {
            key,
            md5,
            digest: options.digest.unwrap_or_else(|| Digest::of(&bytes)),
            bytes,
            condition,
            options,
        };
        let answer = self.send_put(&put).await?;
        progress.sent(length);
        Ok(answer)
    }

    fn request(&self, put: &SinglePut<'_>) -> PutObjectFluentBuilder {
        let request = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(put.key)
            .body(ByteStream::from(put.bytes.clone()))
            .content_md5(BASE64_STANDARD.encode(put.md5.as_bytes()))
            .content_type(put.options.content_type.unwrap_or_else(|| media_type::of_key(put.key)))
            .set_cache_control(put.options.cache_control.map(str::to_owned))
            .metadata(DIGEST_METADATA, put.digest.to_string())
            .metadata(MD5_METADATA, put.md5.to_string());
        match put.condition {
            WriteCondition::None => request,
            WriteCondition::Absent => request.if_none_match("*"),
            WriteCondition::Matches(tag) => request.if_match(tag),
        }
    }

    /// Sends a put, and repeats it when two conditional writes collide (409).
    async fn send_put(&self, put: &SinglePut<'_>) -> Result<Put, StoreError> {
        let mut failures = 0;
        let mut may_have_arrived = false;
        loop {
            let attempts = Attempts::default();
            let answer = self.request(put).customize().interceptor(attempts.clone()).send().await;
            let failure = match answer {
                Ok(answer) => {
                    return Ok(Put {
                        version: answer.version_id,
                        etag: answer.e_tag.unwrap_or_default(),
                        md5: Some(put.md5),
                    });
                }
                Err(error) => classify("put", put.key, error),
            };
            may_have_arrived |= attempts.more_than_one();
            if failure.kind == FailureKind::Precondition && may_have_arrived {
                return self.won_after_all(put.key, &put.ours()).await?.ok_or(failure);
            }
            failures += 1;
            // The SDK has already repeated everything else that may pass.
            match self.backoff.wait_after(failures, &failure) {
                Some(wait) if failure.status == Some(409) => tokio::time::sleep(wait).await,
                _ => return Err(failure),
            }
        }
    }

    /// Whether the key has what we sent: then an earlier attempt succeeded, and only its answer was lost. Only
    /// a publisher of the same bytes writes the same digests as metadata.
    pub(super) async fn won_after_all(&self, key: &str, ours: &Ours) -> Result<Option<Put>, StoreError> {
        let stored = self.stat_object(&ObjectRef::newest(key)).await?;
        let ours_is_there = stored.filter(|stored| {
            stored.length == ours.length && stored.digest == Some(ours.digest) && stored.md5 == ours.md5
        });
        Ok(ours_is_there.map(|stored| Put { version: stored.version, etag: stored.etag, md5: ours.md5 }))
    }
}

/// One object on its way in one request.
struct SinglePut<'a> {
    key: &'a str,
    bytes: Bytes,
    md5: Md5Digest,
    digest: Digest,
    condition: &'a WriteCondition,
    options: &'a PutOptions,
}

impl SinglePut<'_> {
    fn ours(&self) -> Ours {
        Ours { length: self.bytes.len() as u64, digest: self.digest, md5: Some(self.md5) }
    }
}

/// By what an object is known to be the one that we sent.
pub(super) struct Ours {
    pub length: u64,
    pub digest: Digest,
    /// Recorded with a single put only.
    pub md5: Option<Md5Digest>,
}
