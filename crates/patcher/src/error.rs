//! What can go wrong, with the path and the numbers that a message needs.

use std::path::{Path, PathBuf};

use naru_protocol::{Channel, ErrorCode, FormatError, NameClash, NameError, RelPath};
use naru_store::{FailureKind, StoreError};

use crate::disk::is_missing;
use crate::folder::{Intruder, Intrusion};
use crate::notes::NotesError;
use crate::text_file::TextProblem;

/// A build folder that can't be read or published.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Reading failed.
    #[error("reading {path}")]
    Io {
        /// What was read.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// All entries that can't be published, so that the publisher can fix them in one go.
    #[error("{} entries of the build can't be published", .0.len())]
    Entries(Vec<BadEntry>),
    /// A file or a folder of the build is no longer there.
    #[error("{path} disappeared while the build was being read")]
    Vanished {
        /// What was to be read.
        path: PathBuf,
    },
    /// A file is read by its own rules only as a whole.
    #[error("{path} {problem}")]
    Text {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: TextProblem,
    },
    /// A file changed each time it was read.
    #[error("{path} keeps changing while it is read")]
    Changing {
        /// Which file.
        path: PathBuf,
    },
    /// `.naruignore` can't be understood.
    #[error("{path}: {problem}")]
    Ignore {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A glob pattern can't be understood.
    #[error("pattern `{pattern}`: {problem}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The tree as a whole breaks a rule of the manifest (limits).
    #[error(transparent)]
    Manifest(#[from] FormatError),
    /// There is no such folder.
    #[error("{0} is not a folder")]
    NoFolder(PathBuf),
    /// The folder has no file that would be published.
    #[error("{0} has no file to publish")]
    Empty(PathBuf),
    /// The folder has files, and `.naruignore` excludes every one of them.
    #[error("{path} excludes all of the folder's files ({files})")]
    AllIgnored {
        /// `.naruignore`
        path: PathBuf,
        /// How many files there are.
        files: u64,
    },
}

/// Why an entry of a build folder can't be in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadEntry {
    /// A name that some player's system could not hold.
    Name(NameError),
    /// Two names that are one on some player's system.
    Clash(NameClash),
    /// A link, a socket, a device or a pipe.
    NotAFile(NotAFile),
}

/// An entry of a build folder that is neither a file nor a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAFile {
    /// Its path in the build folder.
    pub path: PathBuf,
    /// Whether it is a link, which people make on purpose; else a socket, a device or a pipe.
    pub is_link: bool,
}

/// A release that could not be published. Until the pointer is written, players see nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The build folder.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document in the store.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The object at the pointer's key is not a pointer.
    #[error("{key}: {source}")]
    BrokenPointer {
        /// Which object.
        key: String,
        /// What is wrong with it.
        source: FormatError,
    },
    /// The release notes.
    #[error(transparent)]
    Notes(#[from] NotesError),
    /// Another release was published after this plan was made.
    #[error("{}", moved_on(.expected))]
    Conflict {
        /// The release that the plan was made against.
        expected: Option<u64>,
    },
    /// The last write got no answer, and the store did not tell afterwards whether it had arrived.
    #[error("it is unknown whether release {number} was published")]
    Unclear {
        /// The number that the release has, if it is there.
        number: u64,
        /// Why the write got no answer.
        source: Box<StoreError>,
    },
    /// The release of that number is not in the store.
    #[error("there is no release {number}")]
    NoRelease {
        /// The number that was asked for.
        number: u64,
    },
    /// The release was made by the 2017 publisher: it has no manifest that could be named again.
    #[error("release {number} was published by the 2017 tool")]
    Release2017 {
        /// The number that was asked for.
        number: u64,
    },
    /// The store no longer has all of an old release.
    #[error("release {number} is no longer complete: {key}{} is gone", of_version(.version))]
    Gone {
        /// The release.
        number: u64,
        /// The first object that is missing.
        key: String,
        /// Which version of it, where one was wanted.
        version: Option<String>,
    },
    /// What was just written reads back as something else.
    #[error("{key} reads back differently from what was written")]
    ReadBack {
        /// Which object.
        key: String,
    },
    /// The store answered a write without naming the version.
    #[error("the store returned no version for {key}")]
    NoVersion {
        /// Which object.
        key: String,
    },
}

/// An install folder that could not be updated, verified or repaired.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The disk.
    #[error("{operation} {path}")]
    Io {
        /// `writing`, `renaming` …
        operation: &'static str,
        /// What it was about.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Something other than Naru's own plain file or folder is in its place.
    #[error("{path} is {intruder}, which Naru neither follows nor removes")]
    Intruder {
        /// Its place.
        path: PathBuf,
        /// What it is.
        intruder: Intruder,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document from the store.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// What the edge has at the pointer's place is no pointer.
    #[error("{key}: {source}")]
    BrokenPointer {
        /// Which object.
        key: String,
        /// What is wrong with it.
        source: FormatError,
    },
    /// A glob pattern of the manifest.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// The ledger.
    #[error("ledger {path}")]
    Ledger {
        /// Its file.
        path: PathBuf,
        /// Why it failed.
        source: rusqlite::Error,
    },
    /// The ledger's bytes are damaged.
    #[error("the ledger {path} can't be read: {problem}")]
    BrokenLedger {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A staged file was removed or truncated before it could be installed.
    #[error("{path} was removed or changed during the update")]
    StageTouched {
        /// The staged file.
        path: PathBuf,
    },
    /// A newer Naru wrote the ledger.
    #[error("the ledger {path} has format {format}, which this version can't read")]
    NewerLedger {
        /// Its file.
        path: PathBuf,
        /// Its format.
        format: i64,
    },
    /// Nothing has been published on this channel.
    #[error("no release has been published at {at}")]
    NothingPublished {
        /// Where it was looked for.
        at: String,
    },
    /// The release has no manifest for this system.
    #[error("release {number} has no files for this system")]
    NotForThisSystem {
        /// Which release.
        number: u64,
    },
    /// The server offers less than what is installed.
    #[error("release {installed} is installed, the server offers {offered}")]
    OlderRelease {
        /// What is installed.
        installed: u64,
        /// What was offered.
        offered: u64,
    },
    /// Two different releases with one number.
    #[error("release {number} differs from the installed release of the same number")]
    SameNumberOtherContent {
        /// Which number.
        number: u64,
    },
    /// Bytes that are not what the manifest names, after all tries.
    #[error("{path} failed verification {tries} times")]
    Corrupt {
        /// Which file.
        path: RelPath,
        /// How often it was fetched.
        tries: u32,
    },
    /// The disk has too little room. Nothing was fetched.
    #[error("{needed} bytes are needed at {path}, {available} are free")]
    NoSpace {
        /// Which disk.
        path: PathBuf,
        /// Bytes that the update needs.
        needed: u64,
        /// Bytes that are free.
        available: u64,
    },
    /// The disk can hold too few more files. Nothing was fetched.
    #[error("{needed} more files and folders are needed at {path}, the disk can hold {available}")]
    NoInodes {
        /// Which disk.
        path: PathBuf,
        /// Files and folders that the update makes.
        needed: u64,
        /// Those that the disk can still hold.
        available: u64,
    },
    /// A part of the install folder is on another file system: no staged file can be moved there in
    /// one step.
    #[error("{path} is on another disk or mount than the rest of the game")]
    OtherMount {
        /// The mounted folder or file.
        path: PathBuf,
    },
    /// Another Naru works on the folder.
    #[error("another Naru is working on {path}")]
    Busy {
        /// Which folder.
        path: PathBuf,
    },
    /// The file system has no locks, and a claim names a process that can't be checked from here.
    #[error("{path} was left by Naru on another computer, or by Naru before a restart")]
    ClaimedElsewhere {
        /// The file.
        path: PathBuf,
    },
    /// A file where the install folder, or a folder above it, should be.
    #[error("{path} is a file, not a folder")]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// A link where a folder of the game should be: writing through it would leave the folder.
    #[error("{path} is a link")]
    LinkInTheWay {
        /// Which entry.
        path: PathBuf,
    },
    /// The player's own file or folder is where the release needs the other kind.
    #[error("{path} is in the way of the release")]
    InTheWay {
        /// Which entry.
        path: PathBuf,
    },
    /// Another program keeps writing to the install folder during the update.
    #[error("{path} keeps changing while the update is prepared")]
    Changing {
        /// Which file.
        path: PathBuf,
    },
    /// The pointer belongs to another channel.
    #[error("the server offers a release of channel {offered} for channel {wanted}")]
    OtherChannel {
        /// What was asked for.
        wanted: Channel,
        /// What the pointer says.
        offered: Channel,
    },
    /// Nothing is installed in the folder.
    #[error("nothing is installed in {path}")]
    NotInstalled {
        /// Which folder.
        path: PathBuf,
    },
    /// The caller cancelled the operation.
    #[error("the operation was stopped")]
    Stopped,
    /// A journal that can't be read: the commit that it describes can't be finished.
    #[error("the journal {path} can't be read")]
    Journal {
        /// Its file.
        path: PathBuf,
    },
}

fn of_version(version: &Option<String>) -> String {
    version.as_ref().map(|version| format!(" in its version {version}")).unwrap_or_default()
}

fn moved_on(expected: &Option<u64>) -> String {
    match expected {
        Some(number) => format!("release {number} is no longer live: another release was published"),
        None => "this would have been the first release, but one already exists".into(),
    }
}

impl UpdateError {
    pub(crate) fn io(operation: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| match Intrusion::of(&source) {
            Some(Intrusion { path, intruder }) => Self::Intruder { path: path.clone(), intruder: *intruder },
            None => Self::Io { operation, path, source },
        }
    }
}

impl ScanError {
    /// A failed read below a build folder that was there when the scan began: what is missing now has
    /// been removed or renamed since.
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| if is_missing(&source) { Self::Vanished { path } } else { Self::Io { path, source } }
    }

    /// What an upload says of a file that is no longer the one of the scan.
    pub(crate) fn of_upload(path: &Path, mut failure: StoreError) -> Self {
        let below = failure.source.take().and_then(|below| below.downcast::<std::io::Error>().ok());
        match below {
            Some(error) => Self::io(path)(*error),
            None => Self::Changing { path: path.to_path_buf() },
        }
    }

    /// The kind of failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Io { source, .. } => ErrorCode::of_io(source.kind()),
            Self::NoFolder(_) => ErrorCode::NotFound,
            _ => ErrorCode::BadBuild,
        }
    }
}

impl PublishError {
    /// The kind of failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Scan(error) => error.code(),
            Self::Store(error) => store_code(error),
            Self::Format(_) | Self::BrokenPointer { .. } | Self::Notes(_) => ErrorCode::BadFormat,
            Self::Conflict { .. } => ErrorCode::Conflict,
            Self::Unclear { source, .. } => store_code(source),
            Self::NoRelease { .. } | Self::Release2017 { .. } | Self::Gone { .. } => ErrorCode::NotFound,
            Self::ReadBack { .. } => ErrorCode::Corrupt,
            Self::NoVersion { .. } => ErrorCode::UnsafeStore,
        }
    }
}

impl UpdateError {
    /// The kind of failure.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Io { source, .. } => ErrorCode::of_io(source.kind()),
            Self::Store(error) => store_code(error),
            Self::Format(_)
            | Self::BrokenPointer { .. }
            | Self::Scan(_)
            | Self::SameNumberOtherContent { .. } => ErrorCode::BadFormat,
            Self::Ledger { source, .. }
                if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull) =>
            {
                ErrorCode::NoSpace
            }
            Self::Ledger { .. } | Self::Journal { .. } => ErrorCode::DiskRefused,
            Self::NothingPublished { .. } | Self::NotForThisSystem { .. } | Self::NotInstalled { .. } => {
                ErrorCode::NotFound
            }
            Self::OlderRelease { .. } => ErrorCode::OlderRelease,
            Self::Stopped => ErrorCode::Cancelled,
            Self::Corrupt { .. } => ErrorCode::Corrupt,
            Self::NoSpace { .. } | Self::NoInodes { .. } => ErrorCode::NoSpace,
            Self::Busy { .. } | Self::ClaimedElsewhere { .. } | Self::Changing { .. } => ErrorCode::Busy,
            Self::OtherChannel { .. } | Self::NewerLedger { .. } => ErrorCode::BadFormat,
            Self::BrokenLedger { .. } => ErrorCode::BrokenLedger,
            Self::LinkInTheWay { .. }
            | Self::InTheWay { .. }
            | Self::NotAFolder { .. }
            | Self::Intruder { .. }
            | Self::OtherMount { .. }
            | Self::StageTouched { .. } => ErrorCode::DiskRefused,
        }
    }
}

fn store_code(error: &StoreError) -> ErrorCode {
    match error.kind {
        FailureKind::NotFound | FailureKind::NoBucket => ErrorCode::NotFound,
        FailureKind::Denied | FailureKind::WrongKey | FailureKind::NoCredentials => ErrorCode::Denied,
        FailureKind::Precondition => ErrorCode::Conflict,
        FailureKind::BadSource => ErrorCode::BadBuild,
        FailureKind::Unsupported => ErrorCode::UnsafeStore,
        FailureKind::BadAnswer => ErrorCode::Corrupt,
        FailureKind::Retryable | FailureKind::WrongClock => ErrorCode::Unreachable,
        FailureKind::Fatal => ErrorCode::Internal,
    }
}
