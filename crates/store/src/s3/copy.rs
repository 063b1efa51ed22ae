//! Copies inside the store.

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, MetadataDirective};
use futures::{StreamExt, TryStreamExt, stream};

use super::S3Store;
use crate::key_path::{encode_key, encode_value};
use crate::sdk_failure::classify;
use crate::{
    DIGEST_METADATA, FailureKind, MD5_METADATA, ObjectRef, Put, PutOptions, StoreError, Stored, media_type,
};

/// Copied parts at the same time; no byte of them passes through us.
const PARALLEL: usize = 4;

/// What a copy needs to know of both its ends.
struct Copy<'a> {
    key: &'a str,
    /// `bucket/key?versionId=…`, percent-encoded.
    source: String,
    length: u64,
    /// Metadata of the new object.
    metadata: Vec<(&'static str, String)>,
    content_type: &'static str,
    cache_control: Option<String>,
}

impl S3Store {
    pub(super) async fn copy_object(
        &self,
        from: &ObjectRef,
        key: &str,
        options: &PutOptions,
    ) -> Result<Put, StoreError> {
        let stored = self.stat_object(from).await?;
        let stored = stored
            .ok_or_else(|| StoreError::new("copy", &from.key, FailureKind::NotFound, "no such object"))?;
        let copy = Copy {
            key,
            source: self.copy_source(from),
            length: stored.length,
            metadata: metadata(&stored, options),
            content_type: options.content_type.unwrap_or_else(|| media_type::of_key(key)),
            cache_control: options.cache_control.map(str::to_owned),
        };
        if copy.length <= self.sizes.single_copy {
            self.copy_at_once(&copy).await
        } else {
            self.copy_in_parts(&copy).await
        }
    }

    fn copy_source(&self, from: &ObjectRef) -> String {
        let path = format!("{}/{}", self.bucket, encode_key(&from.key));
        match &from.version {
            Some(version) => format!("{path}?versionId={}", encode_value(version)),
            None => path,
        }
    }

    async fn copy_at_once(&self, copy: &Copy<'_>) -> Result<Put, StoreError> {
        let mut request = self
            .client
            .copy_object()
            .bucket(&self.bucket)
            .key(copy.key)
            .copy_source(&copy.source)
            .metadata_directive(MetadataDirective::Replace)
            .content_type(copy.content_type)
            .set_cache_control(copy.cache_control.clone());
        for (name, value) in &copy.metadata {
            request = request.metadata(*name, value);
        }
        let answer = request.send().await.map_err(|error| classify("copy", copy.key, error))?;
        Ok(Put {
            version: answer.version_id,
            etag: answer.copy_object_result.and_then(|result| result.e_tag).unwrap_or_default(),
            md5: None,
        })
    }

    async fn copy_in_parts(&self, copy: &Copy<'_>) -> Result<Put, StoreError> {
        let mut request = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(copy.key)
            .content_type(copy.content_type)
            .set_cache_control(copy.cache_control.clone());
        for (name, value) in &copy.metadata {
            request = request.metadata(*name, value);
        }
        let begun = request.send().await.map_err(|error| classify("copy", copy.key, error))?;
        let id = begun.upload_id.unwrap_or_default();
        let copied = self.copy_parts(copy, &id).await;
        if copied.is_err() {
            // Nothing travelled through us, so a later copy loses nothing by starting anew.
            self.abort_upload(copy.key, &id).await;
        }
        copied
    }

    async fn copy_parts(&self, copy: &Copy<'_>, id: &str) -> Result<Put, StoreError> {
        let length = self.sizes.copy_part.max(copy.length.div_ceil(10_000));
        let numbers = (1_i32..).take(copy.length.div_ceil(length) as usize);
        let mut parts: Vec<CompletedPart> = stream::iter(numbers)
            .map(|number| self.copy_part(copy, id, number, length))
            .buffer_unordered(PARALLEL)
            .try_collect()
            .await?;
        parts.sort_by_key(|part| part.part_number);
        let request =
            self.client.complete_multipart_upload().bucket(&self.bucket).key(copy.key).upload_id(id);
        let completed = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
        let answer = request.multipart_upload(completed).send().await;
        let answer = answer.map_err(|error| classify("copy", copy.key, error))?;
        Ok(Put { version: answer.version_id, etag: answer.e_tag.unwrap_or_default(), md5: None })
    }

    async fn copy_part(
        &self,
        copy: &Copy<'_>,
        id: &str,
        number: i32,
        length: u64,
    ) -> Result<CompletedPart, StoreError> {
        let start = (u64::from(number.unsigned_abs()) - 1) * length;
        let end = copy.length.min(start + length);
        let answer = self
            .client
            .upload_part_copy()
            .bucket(&self.bucket)
            .key(copy.key)
            .upload_id(id)
            .part_number(number)
            .copy_source(&copy.source)
            .copy_source_range(format!("bytes={start}-{}", end - 1))
            .send()
            .await
            .map_err(|error| classify("copy", copy.key, error))?;
        let tag = answer.copy_part_result.and_then(|result| result.e_tag);
        Ok(CompletedPart::builder().part_number(number).set_e_tag(tag).build())
    }
}

/// The digests that go with the bytes: those of the source, unless the caller knows better.
fn metadata(stored: &Stored, options: &PutOptions) -> Vec<(&'static str, String)> {
    let digest = options.digest.or(stored.digest).map(|digest| (DIGEST_METADATA, digest.to_string()));
    let md5 = stored.md5.map(|md5| (MD5_METADATA, md5.to_string()));
    digest.into_iter().chain(md5).collect()
}
