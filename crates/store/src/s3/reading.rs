//! GetObject and HeadObject.

use std::collections::HashMap;
use std::ops::Range;

use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use bytes::Bytes;

use super::S3Store;
use crate::body::{Pieces, announced, refuse_empty};
use crate::sdk_failure::classify;
use crate::{Body, DIGEST_METADATA, FailureKind, MD5_METADATA, ObjectRef, StoreError, Stored};

impl S3Store {
    pub(super) async fn open_object(
        &self,
        object: &ObjectRef,
        range: Option<Range<u64>>,
    ) -> Result<Body, StoreError> {
        refuse_empty(object, range.as_ref())?;
        let header = range.as_ref().map(|range| format!("bytes={}-{}", range.start, range.end - 1));
        let request = self.client.get_object().bucket(&self.bucket).key(&object.key);
        let answer = request
            .set_version_id(object.version.clone())
            .set_range(header)
            .send()
            .await
            .map_err(|error| refused_read(object, error))?;
        let length = answer.content_length.and_then(|length| u64::try_from(length).ok());
        let (length, object_length) = match &range {
            None => (length, length),
            Some(range) => {
                let given = answer.content_range.as_deref();
                (Some(range.end - range.start), check_range(object, range, length, given)?)
            }
        };
        let pieces = S3Pieces { body: answer.body, key: object.key.clone() };
        Ok(Body {
            length,
            object_length,
            etag: answer.e_tag,
            version: answer.version_id,
            stream: announced(pieces, object.key.clone(), length),
        })
    }

    pub(super) async fn stat_object(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        let request = self.client.head_object().bucket(&self.bucket).key(&object.key);
        let answer = match request.set_version_id(object.version.clone()).send().await {
            Ok(answer) => answer,
            Err(error) => {
                let failure = classify("stat", &object.key, error);
                return if failure.is_not_found() { Ok(None) } else { Err(failure) };
            }
        };
        let metadata = |name| answer.metadata.as_ref().and_then(|all: &HashMap<_, String>| all.get(name));
        Ok(Some(Stored {
            length: known_length("stat", &object.key, answer.content_length)?,
            digest: metadata(DIGEST_METADATA).and_then(|text| text.parse().ok()),
            md5: metadata(MD5_METADATA).and_then(|text| text.parse().ok()),
            etag: answer.e_tag.unwrap_or_default(),
            version: answer.version_id,
        }))
    }
}

/// S3 answers 400 `InvalidArgument` for a malformed version id. A hand-written pointer may have one, and
/// publishing must treat it like a version that no longer exists.
fn refused_read(object: &ObjectRef, error: SdkError<GetObjectError, HttpResponse>) -> StoreError {
    let names_no_version = object.version.is_some() && error.code() == Some("InvalidArgument");
    let failure = classify("get", &object.key, error);
    match names_no_version {
        true => StoreError { kind: FailureKind::NotFound, ..failure },
        false => failure,
    }
}

fn known_length(operation: &'static str, key: &str, length: Option<i64>) -> Result<u64, StoreError> {
    length
        .and_then(|length| u64::try_from(length).ok())
        .ok_or_else(|| StoreError::new(operation, key, FailureKind::BadAnswer, "no Content-Length"))
}

/// The whole object's length, if stated, from an answer with exactly the requested range.
fn check_range(
    object: &ObjectRef,
    range: &Range<u64>,
    length: Option<u64>,
    given: Option<&str>,
) -> Result<Option<u64>, StoreError> {
    let expected = format!("bytes {}-{}/", range.start, range.end - 1);
    let is_right_length = length.is_none_or(|length| length == range.end - range.start);
    match given.and_then(|given| given.strip_prefix(&expected)) {
        Some("*") if is_right_length => Ok(None),
        Some(total) if is_right_length && total.parse::<u64>().is_ok() => Ok(total.parse().ok()),
        _ => {
            let detail = format!("{length:?} bytes with Content-Range {given:?} for the range {range:?}");
            Err(StoreError::new("get", &object.key, FailureKind::BadAnswer, detail))
        }
    }
}

struct S3Pieces {
    body: ByteStream,
    key: String,
}

impl Pieces for S3Pieces {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        self.body.next().await.transpose().map_err(|error| {
            let detail = format!("the body broke off: {error}");
            let mut failure = StoreError::new("get", &self.key, FailureKind::Retryable, detail);
            failure.source = Some(Box::new(error));
            failure
        })
    }
}
