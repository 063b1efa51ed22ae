//! The one classification of what can go wrong in an operation: which kind of failure it is, what has
//! been changed, and the next step. All of it is data; each root has its own sentences.

use std::error::Error;

use naru_patcher::{PublishError, UpdateError};
use naru_protocol::ErrorCode;
use naru_store::{AwsError, FailureKind, Network, NoCertificates, Proxy, StoreError, is_out_of_files};
use url::Url;

use crate::{Changed, SettingsError, Tracker};

/// An operation that did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct OperationError {
    /// Why.
    #[source]
    pub cause: Box<Cause>,
    /// What it has changed nevertheless.
    pub changed: Changed,
}

/// The error below a failed operation, with all particulars.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// Of the settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Of an install folder.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// Of a channel in the store.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// The kind of a failure, as far as a person acts on it in another way. The exit codes of
/// [`ErrorCode`] are published, so that it is not as fine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationErrorKind {
    /// One that scripts know as well.
    Code(ErrorCode),
    /// The clock of this computer and the server's disagree. Scripts know it as `unreachable`.
    WrongClock,
    /// Nothing is installed in the folder. Scripts know it as `not-found`.
    NotInstalled,
}

/// What helps, where the circumstances say more than the error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Correct date, time and time zone of this computer.
    CheckClock,
    /// Let this process hold more files open, or ask for fewer connections.
    RaiseOpenFiles,
    /// Load the keys of the local cloud that runs now: each data folder has its own.
    LoadLocalKeys,
    /// Start the local cloud that the bucket's address leads to.
    StartLocalBucket,
    /// Start the local cloud that the edge's address leads to.
    StartLocalEdge,
    /// Correct the bucket's name, region or account.
    CheckBucket,
    /// Correct the edge's address, or what the edge may read.
    CheckEdge,
    /// Give AWS credentials.
    SetCredentials,
    /// Check the connection to the bucket, and try again.
    CheckConnection,
    /// Give the proxy a name and a password.
    SetProxyPassword,
    /// See whether the proxy runs through which the request went, or go without it.
    CheckProxy {
        /// The variable that names it.
        variable: &'static str,
        /// Its address, without a password.
        proxy: Url,
        /// The host that was asked.
        host: String,
    },
}

/// Turns an error of the engine into that of an operation.
pub(crate) fn failed<C: Into<Cause>>(tracker: &Tracker) -> impl FnOnce(C) -> OperationError + '_ {
    |cause| OperationError::new(cause, tracker.changed())
}

impl OperationError {
    /// The failure of an operation that has changed this much. What the engine can't know stays unknown.
    pub fn new(cause: impl Into<Cause>, changed: Changed) -> Self {
        let cause = cause.into();
        let is_unclear = matches!(cause, Cause::Publish(PublishError::Unclear { .. }));
        Self { cause: Box::new(cause), changed: if is_unclear { Changed::Unclear } else { changed } }
    }

    /// The kind of failure, as scripts know it.
    pub fn code(&self) -> ErrorCode {
        // The limit on open files is the cause: neither the disk nor the
        // network is to blame.
        if is_out_of_files(&*self.cause) {
            return ErrorCode::Config;
        }
        match &*self.cause {
            Cause::Settings(_) => ErrorCode::Config,
            Cause::Update(error) => error.code(),
            Cause::Publish(error) => error.code(),
        }
    }

    /// The kind of failure, as a person acts on it.
    pub fn kind(&self) -> OperationErrorKind {
        match (&*self.cause, self.store()) {
            (Cause::Update(UpdateError::NotInstalled { .. }), _) => OperationErrorKind::NotInstalled,
            (_, Some(error)) if error.kind == FailureKind::WrongClock => OperationErrorKind::WrongClock,
            _ => OperationErrorKind::Code(self.code()),
        }
    }

    /// What helps; nothing where the error itself says enough.
    pub fn next_step(&self) -> Option<NextStep> {
        match &*self.cause {
            Cause::Settings(
                SettingsError::Certificates(NoCertificates::OutOfFiles)
                | SettingsError::Aws(AwsError::NoCertificates(NoCertificates::OutOfFiles)),
            ) => Some(NextStep::RaiseOpenFiles),
            Cause::Settings(_) => None,
            other if is_out_of_files(other) => Some(NextStep::RaiseOpenFiles),
            Cause::Update(_) => self.store().and_then(at_edge),
            Cause::Publish(_) => self.store().and_then(at_bucket),
        }
    }

    /// The address that gave no answer at all. A proxy that leads there may be to blame instead: see
    /// [`NextStep::at_proxy`].
    pub fn unreached(&self) -> Option<&str> {
        let store = self.store().filter(|_| !is_out_of_files(&*self.cause))?;
        store.at.as_deref().filter(|_| is_unanswered(store))
    }

    fn store(&self) -> Option<&StoreError> {
        match &*self.cause {
            Cause::Update(UpdateError::Store(error)) | Cause::Publish(PublishError::Store(error)) => {
                Some(error)
            }
            Cause::Publish(PublishError::Unclear { source, .. }) => Some(source),
            _ => None,
        }
    }
}

impl NextStep {
    /// The step where a request to `place` went through a proxy.
    pub fn at_proxy(network: &Network, place: &str) -> Option<Self> {
        // Without a custom endpoint, the bucket is at AWS.
        let place = if place.starts_with("s3://") { "https://s3.amazonaws.com/" } else { place };
        let url = Url::parse(place).ok()?;
        let proxy: Proxy = network.proxy_for(&url).ok().flatten()?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Some(Self::CheckProxy { variable: proxy.variable(), proxy: proxy.url(), host })
    }
}

fn at_bucket(error: &StoreError) -> Option<NextStep> {
    match error.kind {
        FailureKind::WrongKey if is_local(error) => Some(NextStep::LoadLocalKeys),
        FailureKind::WrongClock => Some(NextStep::CheckClock),
        FailureKind::NoBucket => Some(NextStep::CheckBucket),
        FailureKind::NoCredentials => Some(NextStep::SetCredentials),
        FailureKind::Retryable if is_unanswered(error) && is_local(error) => Some(NextStep::StartLocalBucket),
        FailureKind::Retryable if is_unanswered(error) => Some(NextStep::CheckConnection),
        _ => None,
    }
}

fn at_edge(error: &StoreError) -> Option<NextStep> {
    match error.kind {
        FailureKind::WrongClock => Some(NextStep::CheckClock),
        FailureKind::Denied if error.status == Some(407) => Some(NextStep::SetProxyPassword),
        // S3 also answers 403 for a missing object if the caller may not list the bucket.
        FailureKind::Denied => Some(NextStep::CheckEdge),
        FailureKind::Retryable if is_unanswered(error) && is_local(error) => Some(NextStep::StartLocalEdge),
        _ => None,
    }
}

/// An answer of any status has reached a server.
fn is_unanswered(error: &StoreError) -> bool {
    error.kind == FailureKind::Retryable && error.status.is_none()
}

fn is_local(error: &StoreError) -> bool {
    let place = error.at.as_deref().unwrap_or_default();
    let host = place.split("://").nth(1).unwrap_or_default();
    ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own))
}

/// An error and all errors below it, the outermost first, repetitions left out.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(kind: FailureKind, status: Option<u16>, at: &str) -> StoreError {
        let mut error = StoreError::new("get", "update/version.json", kind, "for the test").in_store(at);
        error.status = status;
        error
    }

    fn failed(cause: impl Into<Cause>) -> OperationError {
        OperationError::new(cause, Changed::Nothing)
    }

    #[test]
    fn a_wrong_clock_and_an_empty_folder_are_kinds_of_their_own() {
        let clock = || store(FailureKind::WrongClock, None, "https://cdn.example.com/");
        for wrong in [failed(UpdateError::Store(clock())), failed(PublishError::Store(clock()))] {
            assert_eq!(wrong.kind(), OperationErrorKind::WrongClock);
            assert_eq!(wrong.code(), ErrorCode::Unreachable, "the exit code is published");
            assert_eq!(wrong.next_step(), Some(NextStep::CheckClock));
        }
        let nothing = failed(UpdateError::NotInstalled { path: "/game".into() });
        assert_eq!(nothing.kind(), OperationErrorKind::NotInstalled);
        assert_eq!(nothing.code(), ErrorCode::NotFound);
    }

    #[test]
    fn what_the_store_did_not_tell_stays_unknown() {
        let source = Box::new(store(FailureKind::Retryable, None, "s3://b/"));
        let unclear = OperationError::new(PublishError::Unclear { number: 3, source }, Changed::OnlyUploads);
        assert_eq!(unclear.changed, Changed::Unclear, "the release may be live");
        let refused = OperationError::new(PublishError::NoRelease { number: 3 }, Changed::OnlyUploads);
        assert_eq!(refused.changed, Changed::OnlyUploads);
    }

    #[test]
    fn the_local_cloud_is_to_be_started_where_the_address_is_this_machine() {
        for (at, step) in [
            ("http://127.0.0.1:9700/b/", NextStep::StartLocalBucket),
            ("http://localhost:1/b/", NextStep::StartLocalBucket),
            ("s3://b/", NextStep::CheckConnection),
        ] {
            let lost = failed(PublishError::Store(store(FailureKind::Retryable, None, at)));
            assert_eq!(lost.next_step(), Some(step), "{at}");
            assert_eq!(lost.unreached(), Some(at));
        }
        let busy = store(FailureKind::Retryable, Some(503), "http://127.0.0.1:9700/b/");
        let busy = failed(PublishError::Store(busy));
        assert_eq!((busy.next_step(), busy.unreached()), (None, None), "a server that answers is running");
    }

    #[test]
    fn an_edge_that_refuses_has_nothing_to_do_with_aws_credentials() {
        let refused = |status| store(FailureKind::Denied, Some(status), "https://cdn.example.com/");
        assert_eq!(failed(UpdateError::Store(refused(403))).next_step(), Some(NextStep::CheckEdge));
        assert_eq!(failed(UpdateError::Store(refused(407))).next_step(), Some(NextStep::SetProxyPassword));
        assert_eq!(failed(PublishError::Store(refused(403))).next_step(), None);
    }

    #[test]
    fn keys_of_another_data_folder_are_told_from_other_refusals() {
        let at = |kind, at| failed(PublishError::Store(store(kind, Some(403), at)));
        let wrong = at(FailureKind::WrongKey, "http://127.0.0.1:9700/b/");
        assert_eq!((wrong.code(), wrong.next_step()), (ErrorCode::Denied, Some(NextStep::LoadLocalKeys)));
        assert_eq!(at(FailureKind::WrongKey, "s3://b/").next_step(), None, "AWS has one set of keys");
        assert_eq!(at(FailureKind::Denied, "http://127.0.0.1:9700/b/").next_step(), None, "a known key");
    }

    #[cfg(unix)]
    #[test]
    fn a_process_without_free_files_is_a_matter_of_its_settings() {
        let source = std::io::Error::from_raw_os_error(24);
        let refused = failed(UpdateError::Io { operation: "open", path: "/game/a".into(), source });
        assert_eq!(refused.code(), ErrorCode::Config, "the disk is not to blame");
        assert_eq!(refused.next_step(), Some(NextStep::RaiseOpenFiles));
    }

    #[test]
    fn a_proxy_on_the_way_is_named_without_its_password() {
        let proxied = |name: &str| (name == "HTTPS_PROXY").then(|| "http://u:secret@proxy:3128".into());
        let step = NextStep::at_proxy(&Network::of(proxied), "s3://b/");
        let Some(NextStep::CheckProxy { variable, proxy, host }) = step else {
            panic!("AWS is asked through it: {step:?}")
        };
        assert_eq!((variable, host.as_str()), ("HTTPS_PROXY", "s3.amazonaws.com"));
        assert!(!proxy.as_str().contains("secret"), "{proxy}");
        assert_eq!(NextStep::at_proxy(&Network::of(|_| None), "s3://b/"), None);
    }

    #[test]
    fn a_chain_says_everything_once() {
        let below = std::io::Error::other("the disk is full");
        let error = UpdateError::Io { operation: "writing", path: "/game/a".into(), source: below };
        assert_eq!(chain(&error), "writing /game/a: the disk is full");
        assert_eq!(chain(&failed(error)), "writing /game/a: the disk is full", "no layer repeats it");
    }
}
