//! Failures as S3 words them.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

use hyper::{HeaderMap, StatusCode, header::HeaderValue};
use s3s::{S3Error, S3ErrorCode, s3_error};

use crate::error::StorageError;
use crate::index::records::Version;
use crate::index::versions::WriteError;
use crate::intake::IntakeError;

impl From<StorageError> for S3Error {
    fn from(error: StorageError) -> Self {
        S3Error::internal_error(error)
    }
}

impl From<WriteError> for S3Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::PreconditionFailed => precondition_failed(),
            WriteError::NoSuchKey => s3_error!(NoSuchKey, "The specified key does not exist."),
            WriteError::NoSuchBucket => no_such_bucket(),
            WriteError::BucketNotEmpty => {
                s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty")
            }
            WriteError::NoSuchUpload => no_such_upload(),
            WriteError::Storage(error) => error.into(),
        }
    }
}

impl From<IntakeError> for S3Error {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Storage(error) => error.into(),
            IntakeError::Body(reason) => body_fault(&reason),
        }
    }
}

/// `s3s` checks the body's signed hash while the body streams by, and its error types are private:
/// the text is all that tells a wrong hash from a lost connection.
fn body_fault(reason: &str) -> S3Error {
    if reason.contains("Sha256Mismatch") {
        let code = S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into());
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        let mut error = S3Error::with_message(code, message);
        error.set_status_code(StatusCode::BAD_REQUEST);
        error
    } else if reason.contains("SignatureMismatch") {
        s3_error!(SignatureDoesNotMatch)
    } else {
        s3_error!(IncompleteBody, "The body does not have the announced length or form.")
    }
}

pub(super) fn precondition_failed() -> S3Error {
    s3_error!(PreconditionFailed, "At least one of the pre-conditions you specified did not hold")
}

/// An id that no version can have.
pub(super) fn malformed_version() -> S3Error {
    s3_error!(InvalidArgument, "Invalid version id specified")
}

pub(super) fn no_such_bucket() -> S3Error {
    s3_error!(NoSuchBucket, "The specified bucket does not exist")
}

pub(super) fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified multipart upload does not exist. The upload ID may be invalid, or the \
         upload may have been aborted or completed."
    )
}

/// 304: the client's copy is good.
pub(super) fn not_modified(version: &Version) -> S3Error {
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_status_code(StatusCode::NOT_MODIFIED);
    let mut headers = HeaderMap::new();
    insert(&mut headers, "etag", &format!("\"{}\"", version.etag));
    insert(&mut headers, "x-amz-version-id", &version.id);
    error.set_headers(headers);
    error
}

/// A delete marker, requested by its version id (405) or found as the latest version (404).
pub(super) fn delete_marker(version: &Version, by_id: bool) -> S3Error {
    let mut error = match by_id {
        true => s3_error!(MethodNotAllowed, "The specified method is not allowed against this resource."),
        false => s3_error!(NoSuchKey, "The specified key does not exist."),
    };
    let mut headers = HeaderMap::new();
    insert(&mut headers, "x-amz-delete-marker", "true");
    insert(&mut headers, "x-amz-version-id", &version.id);
    error.set_headers(headers);
    error
}

pub(super) fn range_not_satisfiable(size: u64) -> S3Error {
    let mut error = s3_error!(InvalidRange, "The requested range is not satisfiable");
    let mut headers = HeaderMap::new();
    insert(&mut headers, "content-range", &format!("bytes */{size}"));
    error.set_headers(headers);
    error
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
