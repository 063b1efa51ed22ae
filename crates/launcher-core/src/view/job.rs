//! Long work, as it is watched.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// Long work with phase, progress and end. There is one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Grows with every job of a run of the launcher.
    #[ts(type = "number")]
    pub id: u64,
    /// What it does.
    pub kind: JobKind,
    /// How it stands.
    pub state: JobState,
    /// What is being done now.
    pub phase: Option<JobPhase>,
    /// Bytes of this phase that are done.
    #[ts(type = "number")]
    pub done_bytes: u64,
    /// Bytes of this phase, where they are known beforehand.
    #[ts(type = "number | null")]
    pub total_bytes: Option<u64>,
    /// Files of this phase that are done.
    #[ts(type = "number")]
    pub done_files: u64,
    /// Files of this phase.
    #[ts(type = "number | null")]
    pub total_files: Option<u64>,
    /// Over the last seconds; nothing before there is something to measure.
    #[ts(type = "number | null")]
    pub bytes_per_second: Option<u64>,
    /// For this phase.
    #[ts(type = "number | null")]
    pub seconds_left: Option<u64>,
    /// Warnings so far; the work continues.
    pub warnings: Vec<JobWarning>,
}

impl Job {
    /// A job that has just begun.
    pub fn new(id: u64, kind: JobKind) -> Self {
        Self {
            id,
            kind,
            state: JobState::Running { stoppable: true },
            phase: None,
            done_bytes: 0,
            total_bytes: None,
            done_files: 0,
            total_files: None,
            bytes_per_second: None,
            seconds_left: None,
            warnings: Vec::new(),
        }
    }
}

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JobKind {
    /// Installs the game, or the newer release of it.
    Update,
    /// Compares every file with the release.
    Verify,
    /// Mends what differs.
    Repair,
    /// Moves the install folder.
    Move,
    /// Compares the build folder with the live release.
    Compare,
    /// Publishes the build folder.
    Publish,
    /// Publishes an earlier release again.
    Rollback,
}

/// What holds of every job of a kind. The page has the same table, made from this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub struct JobTraits {
    /// What it does with the installed game, which must not run meanwhile.
    pub game: GameUse,
    /// Which way files travel. A stop keeps those that have.
    pub transfer: Transfer,
}

/// What a job does with the installed game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum GameUse {
    /// Nothing: the game may run.
    None,
    /// Reads its files.
    Reads,
    /// Puts other files in their place.
    Changes,
}

/// Which way files travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Transfer {
    /// They stay on this machine.
    None,
    /// From the store to here.
    Download,
    /// From here to the store.
    Upload,
}

impl JobKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 7] =
        [Self::Update, Self::Verify, Self::Repair, Self::Move, Self::Compare, Self::Publish, Self::Rollback];

    /// What holds of every job of this kind.
    pub fn traits(self) -> JobTraits {
        let (game, transfer) = match self {
            Self::Update | Self::Repair => (GameUse::Changes, Transfer::Download),
            Self::Move => (GameUse::Changes, Transfer::None),
            Self::Verify => (GameUse::Reads, Transfer::None),
            Self::Compare => (GameUse::None, Transfer::None),
            Self::Publish | Self::Rollback => (GameUse::None, Transfer::Upload),
        };
        JobTraits { game, transfer }
    }
}

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum JobState {
    /// At work.
    Running {
        /// Whether it can be paused and cancelled now: not while files are being put in place.
        stoppable: bool,
    },
    /// Stopped by the player; what has arrived is kept.
    Paused,
    /// Came to its end.
    Done {
        /// What it came to.
        outcome: Outcome,
    },
    /// Stopped by the player for good.
    Cancelled,
    /// Failed.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// What a job came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The release that is installed or published now.
    #[ts(type = "number | null")]
    pub release: Option<u64>,
    /// Bytes that travelled.
    #[ts(type = "number")]
    pub travelled_bytes: u64,
    /// Files that differed from the release: of `verify`, found; of `repair`, repaired.
    #[ts(type = "number")]
    pub wounds: u64,
    /// Files of the player's own that stayed although the release has others.
    pub kept: Vec<String>,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JobPhase {
    /// Reading the build folder or the install folder.
    Scan,
    /// Sending files.
    Upload,
    /// Waiting for the edge.
    Invalidate,
    /// Taking over what is here already.
    Gather,
    /// Fetching and verifying pieces.
    Download,
    /// Putting files in place.
    Apply,
    /// Comparing files with the release.
    Verify,
    /// Copying files to another drive.
    Copy,
    /// Removing what was copied from its old place.
    Remove,
}

/// A warning with what it is about: a path, a reason; may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobWarning {
    /// Which.
    pub kind: JobWarningKind,
    /// What it is about.
    pub detail: String,
}

/// The warnings that the page has sentences for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum JobWarningKind {
    /// The bucket was filled by the 2017 publisher.
    Release2017,
    /// A file that the player changed was kept; the release's version is beside it.
    KeptChanged,
    /// The record of what is installed was damaged and is written anew.
    BrokenLedger,
    /// Something of the player's was moved aside.
    MovedAside,
    /// The executable bit of a file could not be set.
    ModeRefused,
    /// The update was finished without a file that the disk refuses to change.
    SetAside,
    /// A file of a 2017 release is not installed for its name.
    RefusedName,
    /// The invalidation failed.
    NotInvalidated,
    /// A file is left out of the release: its name is the bucket's own.
    ReservedName,
    /// Folders of the build with nothing in them are left out.
    EmptyFolders,
    /// Files are published whose names are those of keys and passwords.
    Secrets,
    /// The store has lost objects of the live release.
    LostObjects,
    /// Clients of 2017 can't fetch files of these names.
    #[serde(rename = "not-for-2017")]
    NotFor2017,
    /// A release can't be read and is left out of the list.
    UnreadableRelease,
    /// A file stays in the folder that the game was moved from.
    NotRemoved,
    /// Something else, in English.
    Other,
}
