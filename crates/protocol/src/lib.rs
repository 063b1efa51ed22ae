//! Every byte of Naru that crosses a process or a version.
//!
//! Nothing here does I/O. A value that came from outside is parsed into one of these types once,
//! at the edge, and is trusted to keep its rules from there on: a [`RelPath`] can't leave its
//! folder, a [`Manifest`] is sorted, unique and within its limits, a [`Pointer`] is complete.

mod datasets;
mod digest;
mod endpoint;
mod envelope;
mod error_code;
mod filedb_2017;
mod home;
mod keys;
mod limits;
mod locations;
pub mod login;
mod manifest;
mod name_clash;
mod pieces;
mod pointer;
mod problem;
mod rel_path;
mod runs;
mod score_history;
mod scoreboard;
mod secret;
mod shown_name;
mod store_names;
mod whole;

pub use datasets::{
    DatasetChanges, DatasetList, DatasetSummary, DatasetUpdate, DatasetUpdated, Record, RecordChange,
};
pub use digest::{Digest, DigestError, Md5Digest};
pub use endpoint::{Endpoint, EndpointError, RedirectRefused};
pub use envelope::{Envelope, Signature};
pub use error_code::ErrorCode;
pub use filedb_2017::{FileList2017, Record2017};
pub use home::{HomeError, expand_home};
pub use keys::Keys;
pub use limits::Limits;
pub use locations::Locations;
pub use manifest::{FileEntry, Manifest, unpack_own};
pub use name_clash::{NameClash, differ_in_case};
pub use pieces::{PIECE_LENGTH, PieceHasher, piece_count, piece_range, root_of_pieces};
pub use pointer::{Channel, ObjectId, Platform, PlatformManifest, Pointer, Release};
pub use problem::{PROBLEM_JSON, Problem, ProblemCode};
pub use rel_path::{NameError, NameProblem, RelPath};
pub use runs::{InputSpan, IssuedRun, ScoreReceipt, ScoreSubmission};
pub use score_history::{Bar, Bar2017, ScoreHistory};
pub use scoreboard::{ScoreboardPage, Standing, Standing2017};
pub use secret::{
    AccessToken, AuthorizationCode, ClientSecret, CodeVerifier, IdToken, Nonce, OpenIdToken, RefreshToken,
    State,
};
pub use shown_name::{ShownName, ShownNameError};
pub use store_names::{BucketName, DistributionId, KeyPrefix, RegionName};

/// A document that came from outside and does not keep the rules of its format.
#[derive(Debug, thiserror::Error)]
#[error("{what} is not valid: {problem}")]
pub struct FormatError {
    /// Which document: `manifest`, `pointer`, `filedb.db` …
    pub what: &'static str,
    /// What is wrong with it, for a log.
    pub problem: String,
}

impl FormatError {
    pub(crate) fn new(what: &'static str, problem: impl std::fmt::Display) -> Self {
        Self { what, problem: problem.to_string() }
    }
}
