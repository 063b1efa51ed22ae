//! Sorts what can go wrong between us and the edge.

use std::error::Error;
use std::time::Duration;

use reqwest::Response;
use reqwest::header::{self, HeaderMap};

use super::answer::is_whole;
use crate::clock::{http_date, wrong_clock};
use crate::sdk_failure::deepest;
use crate::{FailureKind, StoreError};

pub(super) fn of_transport(operation: &'static str, key: &str, error: reqwest::Error) -> StoreError {
    if let Some(words) = wrong_clock(&error) {
        let mut failure = StoreError::new(operation, key, FailureKind::WrongClock, words);
        failure.source = Some(Box::new(error.without_url()));
        return failure;
    }
    let (kind, what) = if error.is_redirect() {
        (FailureKind::BadAnswer, "refused a redirect")
    } else if error.is_timeout() {
        (FailureKind::Retryable, "nothing came in time")
    } else if is_no_http(&error) {
        (FailureKind::BadAnswer, "the answer is not HTTP")
    } else if error.is_connect() {
        (FailureKind::Retryable, "no connection")
    } else if error.is_builder() {
        (FailureKind::Fatal, "the request can't be built")
    } else {
        (FailureKind::Retryable, "the connection broke")
    };
    let mut failure = StoreError::new(operation, key, kind, format!("{what}: {}", deepest(&error)));
    failure.source = Some(Box::new(error.without_url()));
    failure
}

/// Header floods and plain garbage both end as a parse failure.
fn is_no_http(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>() {
            return error.is_parse();
        }
        cause = error.source();
    }
    false
}

/// Turns every status except 200, 203 and 206 into a failure.
pub(super) fn refuse_status(
    operation: &'static str,
    key: &str,
    response: &Response,
) -> Result<(), StoreError> {
    let status = response.status().as_u16();
    let kind = match status {
        206 => return Ok(()),
        whole if is_whole(whole) => return Ok(()),
        404 | 410 => FailureKind::NotFound,
        401 | 403 | 407 | 451 => FailureKind::Denied,
        408 | 425 | 429 | 500 | 502 | 503 | 504 => FailureKind::Retryable,
        501 | 505 => FailureKind::Unsupported,
        500..=599 => FailureKind::Retryable,
        _ => FailureKind::BadAnswer,
    };
    let mut failure =
        StoreError::new(operation, key, kind, format!("the edge answered {}", response.status()));
    failure.status = Some(status);
    failure.retry_after = retry_after(response.headers());
    Err(failure)
}

/// `Retry-After` as a time to wait (RFC 9110 section 10.2.3). A date counts from the answer's own
/// `Date`, because a player's clock may be years off.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(text)?;
    let now = http_date(headers.get(header::DATE)?.to_str().ok()?)?;
    Some(Duration::from_secs(u64::try_from(until - now).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), header::HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn both_forms_of_retry_after_are_read() {
        let seconds = headers(&[(header::RETRY_AFTER, "120")]);
        assert_eq!(retry_after(&seconds), Some(Duration::from_secs(120)));
        let date = headers(&[
            (header::RETRY_AFTER, "Wed, 21 Oct 2015 07:28:30 GMT"),
            (header::DATE, "Wed, 21 Oct 2015 07:28:00 GMT"),
        ]);
        assert_eq!(retry_after(&date), Some(Duration::from_secs(30)), "counted from the server's clock");
        let past = headers(&[
            (header::RETRY_AFTER, "Wed, 21 Oct 2015 07:27:00 GMT"),
            (header::DATE, "Wed, 21 Oct 2015 07:28:00 GMT"),
        ]);
        assert_eq!(retry_after(&past), Some(Duration::ZERO));
        assert_eq!(retry_after(&headers(&[(header::RETRY_AFTER, "soon")])), None);
    }
}
