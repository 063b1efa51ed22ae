//! Sorts the failures of the AWS SDK, once for all of its services.

use std::error::Error;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::clock::{offset, wrong_clock};
use crate::{FailureKind, StoreError};

/// Turns a failure of the SDK into ours.
pub(crate) fn classify<E>(operation: &'static str, key: &str, error: SdkError<E, HttpResponse>) -> StoreError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let code = error.as_service_error().and_then(|error| error.code());
    let kind = kind_of(&error, status, code);
    let mut detail = detail_of(&error, status, code);
    if kind == FailureKind::WrongClock
        && let Some(date) = error.raw_response().and_then(|response| response.headers().get("date"))
        && let Some(offset) = offset(date)
    {
        detail.push_str(&format!("; {offset}"));
    }
    let mut failure = StoreError::new(operation, key, kind, detail);
    failure.status = status;
    failure.retry_after = error.raw_response().and_then(retry_after);
    // Where the store answered, the detail is its own words and the SDK's say the same in worse ones.
    if status.is_none() {
        failure.source = Some(Box::new(error));
    }
    failure
}

fn kind_of<E: Error + 'static>(
    error: &SdkError<E, HttpResponse>,
    status: Option<u16>,
    code: Option<&str>,
) -> FailureKind {
    match error {
        SdkError::ConstructionFailure(_) => FailureKind::Fatal,
        SdkError::TimeoutError(_) => FailureKind::Retryable,
        SdkError::DispatchFailure(_) if wrong_clock(error).is_some() => FailureKind::WrongClock,
        SdkError::DispatchFailure(failure) => {
            match failure.as_connector_error().and_then(|error| refused_credentials(error)) {
                Some(_) => FailureKind::NoCredentials,
                None if failure.is_user() => FailureKind::Fatal,
                None => FailureKind::Retryable,
            }
        }
        SdkError::ResponseError(_) if status.is_some_and(|status| status >= 500) => FailureKind::Retryable,
        SdkError::ResponseError(_) => FailureKind::BadAnswer,
        SdkError::ServiceError(error) if marks_deletion(error.raw()) => FailureKind::NotFound,
        _ => code.and_then(of_code).or_else(|| status.map(of_status)).unwrap_or(FailureKind::Fatal),
    }
}

/// Codes that say more than their status; CopyObject and CompleteMultipartUpload may even answer
/// 200 with an error in the body.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
fn of_code(code: &str) -> Option<FailureKind> {
    Some(match code {
        "NoSuchKey" | "NoSuchVersion" | "NoSuchUpload" | "NotFound" | "NoSuchDistribution"
        | "NoSuchInvalidation" => FailureKind::NotFound,
        // A name that a bucket may have had once is left to the store to refuse.
        "NoSuchBucket" | "InvalidBucketName" => FailureKind::NoBucket,
        "AccessDenied" | "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" => FailureKind::Denied,
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" => FailureKind::WrongKey,
        "RequestTimeTooSkewed" | "RequestExpired" => FailureKind::WrongClock,
        "PreconditionFailed" => FailureKind::Precondition,
        // Two conditional writes collided; the refused one may simply be repeated.
        "ConditionalRequestConflict" | "OperationAborted" => FailureKind::Retryable,
        "NotImplemented" => FailureKind::Unsupported,
        // A body that was damaged on its way is refused with 400, but is whole the next time.
        "BadDigest" | "InvalidDigest" | "IncompleteBody" | "RequestTimeout" | "XAmzContentSHA256Mismatch" => {
            FailureKind::Retryable
        }
        "SlowDown"
        | "InternalError"
        | "ServiceUnavailable"
        | "Throttling"
        | "TooManyInvalidationsInProgress" => FailureKind::Retryable,
        _ => return None,
    })
}

fn of_status(status: u16) -> FailureKind {
    match status {
        // A sound status over a body that can't be read.
        200..=299 => FailureKind::BadAnswer,
        404 => FailureKind::NotFound,
        401 | 403 => FailureKind::Denied,
        409 => FailureKind::Retryable,
        412 => FailureKind::Precondition,
        501 => FailureKind::Unsupported,
        408 | 429 | 500..=599 => FailureKind::Retryable,
        _ => FailureKind::Fatal,
    }
}

/// A delete marker that is asked for by its version answers 405.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html>
fn marks_deletion(response: &HttpResponse) -> bool {
    response.headers().get("x-amz-delete-marker") == Some("true")
}

fn retry_after(response: &HttpResponse) -> Option<Duration> {
    response.headers().get("retry-after")?.parse().ok().map(Duration::from_secs)
}

/// Why there was nothing to sign with, where there was no connection for that.
fn refused_credentials<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CredentialsError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<CredentialsError>() {
            return Some(error).filter(|error| !matches!(error, CredentialsError::ProviderTimedOut(_)));
        }
        cause = error.source();
    }
    None
}

/// What kept an answer away, without the layers of the SDK that it came through.
fn detail_without_answer<E: Error + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    if let Some(words) = wrong_clock(error) {
        return words;
    }
    let connector = match error {
        SdkError::DispatchFailure(failure) => failure.as_connector_error(),
        _ => None,
    };
    match (error, connector.and_then(|error| refused_credentials(error))) {
        (_, Some(CredentialsError::CredentialsNotLoaded(_))) => "no AWS credentials were found".to_owned(),
        (_, Some(refused)) => format!("the AWS credentials can't be used: {}", deepest(refused)),
        (SdkError::TimeoutError(_), _) => "no answer in time".to_owned(),
        (SdkError::DispatchFailure(failure), _) if failure.is_timeout() => "no answer in time".to_owned(),
        (SdkError::DispatchFailure(_), _) => format!("the connection failed: {}", deepest(error)),
        _ => format!("no answer: {}", deepest(error)),
    }
}

/// The words of the error at the bottom: what the system or the other side said.
pub(crate) fn deepest(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

fn detail_of<E>(error: &SdkError<E, HttpResponse>, status: Option<u16>, code: Option<&str>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let message = error.as_service_error().and_then(|error| error.message());
    match (code, message, status) {
        (Some(code), Some(message), _) => format!("{code}: {message}"),
        (Some(code), None, _) => code.to_owned(),
        (None, _, Some(status)) => format!("the store answered {status}"),
        (None, _, None) => detail_without_answer(error),
    }
}
