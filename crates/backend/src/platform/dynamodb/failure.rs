//! What DynamoDB did not do.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use crate::platform::StoreError;

/// A request that failed, with DynamoDB's own words. The SDK has tried throttled and unanswered
/// requests again before. Source:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>
pub(crate) fn failed<E>(doing: &'static str) -> impl Fn(SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    move |error| match error.as_service_error() {
        Some(refusal) => {
            let code = refusal.code().unwrap_or("unknown");
            StoreError::new(doing, format!("{code}: {}", refusal.message().unwrap_or("no message")))
        }
        None => StoreError::new(doing, with_causes(&error)),
    }
}

/// The answer of a conditional write; nothing when the condition did not hold, which is no failure.
pub(crate) fn if_held<T, E>(
    doing: &'static str,
    answer: Result<T, SdkError<E>>,
) -> Result<Option<T>, StoreError>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.code() == Some("ConditionalCheckFailedException") => Ok(None),
        Err(error) => Err(failed(doing)(error)),
    }
}

/// The SDK's outermost words are only "dispatch failure".
fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
