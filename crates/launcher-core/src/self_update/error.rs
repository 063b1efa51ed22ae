//! Why a newer launcher could not be had.

use std::io;
use std::path::PathBuf;

use naru_operations::chain;
use naru_protocol::EndpointError;
use naru_store::{ClientError, wrong_clock};
use semver::Version;
use url::Url;

use super::{MOST_BYTES, MOST_DOCUMENT_BYTES};
use crate::view::{ErrorCode, Problem, ProblemCode};

/// Why a newer launcher could not be had. The running one is what it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SelfUpdateError {
    #[error("{url}")]
    Unreachable {
        url: Url,
        #[source]
        source: reqwest::Error,
    },
    #[error("{url}")]
    NoClient {
        url: Url,
        #[source]
        source: ClientError,
    },
    #[error("{url}: HTTP {status}")]
    Refused { url: Url, status: u16 },
    #[error("{url}: the server has another file by now")]
    OtherFile { url: Url },
    #[error("{url}: the answer has more than {MOST_DOCUMENT_BYTES} bytes")]
    LongDocument { url: Url },
    #[error("latest.json can't be read")]
    Document(#[source] serde_json::Error),
    #[error("latest.json: version: `{version}`")]
    Version {
        version: String,
        #[source]
        problem: semver::Error,
    },
    #[error("latest.json: the address of the package")]
    Address {
        #[source]
        problem: EndpointError,
    },
    #[error("{url}: the package has more than {MOST_BYTES} bytes")]
    Endless { url: Url },
    #[error("{path}")]
    Disk {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("latest.json: the signature can't be read")]
    NoSignature,
    #[error("the package is not what the studio has signed")]
    WrongSignature(#[source] minisign_verify::Error),
    #[error("the package was announced as {announced} and signed as `{comment}`")]
    OtherVersion { announced: Version, comment: String },
}

impl SelfUpdateError {
    /// Whether what arrived must not be used: the same bytes would be refused again.
    pub(crate) fn is_of_package(&self) -> bool {
        matches!(
            self,
            Self::Endless { .. } | Self::NoSignature | Self::WrongSignature(_) | Self::OtherVersion { .. }
        )
    }

    /// A failed read or write.
    pub(crate) fn disk(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { path, source }
    }
}

impl From<SelfUpdateError> for Problem {
    fn from(error: SelfUpdateError) -> Self {
        let code = match &error {
            SelfUpdateError::NoClient { .. } => ProblemCode::Failure(ErrorCode::Config),
            SelfUpdateError::Unreachable { source, .. } if wrong_clock(source).is_some() => {
                ProblemCode::WrongClock
            }
            SelfUpdateError::Unreachable { .. }
            | SelfUpdateError::Refused { .. }
            | SelfUpdateError::OtherFile { .. } => ProblemCode::Failure(ErrorCode::Unreachable),
            SelfUpdateError::Disk { source, .. } => ProblemCode::Failure(disk_code(source)),
            SelfUpdateError::LongDocument { .. }
            | SelfUpdateError::Document(_)
            | SelfUpdateError::Version { .. }
            | SelfUpdateError::Address { .. } => ProblemCode::Failure(ErrorCode::BadFormat),
            _ => ProblemCode::BadLauncher,
        };
        Self::new(code, chain(&error))
    }
}

/// "Not found" is said of the server's files: a folder of the launcher's own that is gone is not that.
fn disk_code(error: &io::Error) -> ErrorCode {
    match ErrorCode::of_io(error.kind()) {
        ErrorCode::NotFound => ErrorCode::DiskRefused,
        code => code,
    }
}
