//! Failures of a store, sorted once.

use std::time::Duration;

/// What a caller does about a failure. Retry logic reads nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The object or version is not there. A value rather than a fault: never retried.
    NotFound,
    /// The bucket is not there: a fault, because an object that is "not there" in it is no new one.
    NoBucket,
    /// The credentials or the right were refused.
    Denied,
    /// The store does not know the access key, or the signature was not made with its secret.
    WrongKey,
    /// There were no credentials to ask with, or none that can be used.
    NoCredentials,
    /// The clock of this machine and the server's disagree: a certificate is not valid yet or no longer,
    /// or a signature is of another time.
    WrongClock,
    /// The condition of a write did not hold (HTTP 412): another writer was first.
    Precondition,
    /// The source file is gone, can't be read, or is no longer what was scanned. The
    /// store has no part in it.
    BadSource,
    /// The store does not know what it was asked for (HTTP 501, or a condition it ignores).
    Unsupported,
    /// Worth another try: no connection, time-out, stall, cut body, 408, 429, 500, 502, 503, 504.
    Retryable,
    /// The answer breaks the protocol (wrong range, wrong length, not HTTP): another try may do.
    BadAnswer,
    /// Everything else.
    Fatal,
}

/// An operation on one object that failed.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {}{key}: {detail}", .at.as_deref().unwrap_or_default())]
pub struct StoreError {
    /// `get`, `put`, `list` …
    pub operation: &'static str,
    /// Which store the key is in, as what stands before the key: `https://cdn.example.com/`,
    /// `s3://bucket/`.
    pub at: Option<Box<str>>,
    /// Object key or URL.
    pub key: String,
    /// How to act on it.
    pub kind: FailureKind,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// How long the server asked to wait (`Retry-After`).
    pub retry_after: Option<Duration>,
    /// What happened, for a person.
    pub detail: String,
    /// The error below.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl StoreError {
    /// A failure without an error below it.
    pub fn new(
        operation: &'static str,
        key: impl Into<String>,
        kind: FailureKind,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            operation,
            at: None,
            key: key.into(),
            kind,
            status: None,
            retry_after: None,
            detail: detail.into(),
            source: None,
        }
    }

    /// The same, saying which store it was.
    #[must_use]
    pub fn in_store(mut self, at: &str) -> Self {
        self.at = Some(at.into());
        self
    }

    /// Whether the same call may succeed a moment later.
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind, FailureKind::Retryable | FailureKind::BadAnswer)
    }

    /// Whether the object is simply not there.
    pub fn is_not_found(&self) -> bool {
        self.kind == FailureKind::NotFound
    }
}
