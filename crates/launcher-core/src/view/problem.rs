//! What went wrong, for a person.

use naru_protocol::ErrorCode;
use serde::Serialize;
use ts_rs::TS;

/// Something that did not work. The page has a sentence and a next step for each code, in each language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// What kind.
    pub code: ProblemCode,
    /// Particulars: paths, addresses, what was expected. May be empty.
    pub detail: String,
    /// What has become of the installed game or of the release.
    pub changed: Changed,
}

/// The kinds of problem that the page has sentences for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The launcher's own configuration is wrong.
    Config,
    /// A file of the build can't be published.
    BadBuild,
    /// Another publisher was first.
    Conflict,
    /// The store refused the credentials.
    Denied,
    /// There is no such release, file or folder.
    NotFound,
    /// The server can't be reached.
    Unreachable,
    /// The clock of this computer and the server's disagree.
    WrongClock,
    /// What arrived is damaged, again and again.
    Corrupt,
    /// The server's documents can't be read.
    BadFormat,
    /// The server offers an older release than the installed one.
    OlderRelease,
    /// The disk is full.
    NoSpace,
    /// The disk refused.
    DiskRefused,
    /// Another Naru works on this folder.
    Busy,
    /// Files differ from the release.
    Wounds,
    /// The record of what is installed is damaged.
    BrokenLedger,
    /// The store is not safe to publish to.
    UnsafeStore,
    /// A fault of the launcher itself.
    Internal,
    /// Other work is under way.
    JobRunning,
    /// The game runs.
    GameRunning,
    /// Nothing is installed.
    NotInstalled,
    /// The game did not start, or ended at once.
    GameFailed,
    /// The provider or the accounts service refused the login.
    LoginRefused,
    /// A login is needed, or has run out.
    NotLoggedIn,
    /// Someone asks for too much.
    RateLimited,
    /// The chosen name can't be shown to others.
    NameRefused,
    /// The chosen folder can't be used: not empty, not a folder, inside the other.
    FolderUnusable,
    /// There are no publisher's credentials.
    NoPublisher,
    /// A newer launcher is not what the studio has signed.
    BadLauncher,
    /// The system did not put the newer launcher in place.
    LauncherNotInstalled,
    /// The launcher's page is not allowed to ask that.
    Forbidden,
}

/// What a failure has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// Nothing.
    Nothing,
    /// The installed game is what it was; what has arrived is kept for the next try.
    OnlyStage,
    /// New files were being put in place; the next start finishes that first.
    Midway,
    /// Files may have reached the store; players see nothing of them.
    OnlyUploads,
    /// The release is out; what follows it failed.
    Released,
    /// Whether the release is out is not known.
    Unclear,
}

impl From<ErrorCode> for ProblemCode {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::Usage | ErrorCode::Config => Self::Config,
            ErrorCode::BadBuild => Self::BadBuild,
            ErrorCode::Conflict => Self::Conflict,
            ErrorCode::Denied => Self::Denied,
            ErrorCode::NotFound => Self::NotFound,
            ErrorCode::Unreachable => Self::Unreachable,
            ErrorCode::Corrupt => Self::Corrupt,
            ErrorCode::BadFormat => Self::BadFormat,
            ErrorCode::OlderRelease => Self::OlderRelease,
            ErrorCode::NoSpace => Self::NoSpace,
            ErrorCode::DiskRefused => Self::DiskRefused,
            ErrorCode::Busy => Self::Busy,
            ErrorCode::Wounds => Self::Wounds,
            ErrorCode::BrokenLedger => Self::BrokenLedger,
            ErrorCode::UnsafeStore => Self::UnsafeStore,
            ErrorCode::Cancelled | ErrorCode::Internal => Self::Internal,
        }
    }
}
