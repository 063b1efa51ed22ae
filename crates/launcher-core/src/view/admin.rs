//! The publisher's part.

use serde::Serialize;
use ts_rs::TS;

use super::Bilingual;

/// Whether the publisher's part is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PublisherAccess {
    /// Whether it is shown: `--admin`, or credentials are there.
    pub shown: bool,
    /// The bucket that is published to; nothing while none is configured.
    pub bucket: Option<String>,
}

/// The build folder, compared with the live release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Build {
    /// The folder.
    pub folder: String,
    /// The live release.
    #[ts(type = "number | null")]
    pub live: Option<u64>,
    /// The number that a release of this build would get.
    #[ts(type = "number")]
    pub next: u64,
    /// Files of the build.
    #[ts(type = "number")]
    pub files: u64,
    /// Bytes of the build.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes that publishing would send.
    #[ts(type = "number")]
    pub upload_bytes: u64,
    /// Whether the live release is this build, with nothing to bring back and no number to catch up with:
    /// there is nothing to publish.
    pub is_live: bool,
    /// What differs from the live release.
    pub changes: Vec<BuildChange>,
    /// What players on the newest older releases would fetch.
    pub predictions: Vec<Prediction>,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildChange {
    /// How.
    pub kind: BuildChangeKind,
    /// The file.
    pub path: String,
    /// Of `moved`: where it was.
    pub from: Option<String>,
    /// Its size; of a deleted file, the size it had.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum BuildChangeKind {
    /// It was not there.
    New,
    /// Other bytes.
    Changed,
    /// The same bytes under another name.
    Moved,
    /// It is gone.
    Deleted,
    /// Only the executable bit.
    Mode,
}

/// What a player would download for an update to the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Prediction {
    /// The release that the player has; nothing means a first install.
    #[ts(type = "number | null")]
    pub from: Option<u64>,
    /// Files to fetch, in whole or in part.
    #[ts(type = "number")]
    pub files: u64,
    /// Bytes to fetch at most.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A release in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseRow {
    /// Its number.
    #[ts(type = "number")]
    pub number: u64,
    /// When it was published: RFC 3339; the 2017 format does not say.
    pub date: Option<String>,
    /// Its notes.
    pub notes: Bilingual,
    /// How many files.
    #[ts(type = "number")]
    pub files: u64,
    /// How many bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The release whose content it names again.
    #[ts(type = "number | null")]
    pub content_of: Option<u64>,
    /// Whether players get it now.
    pub live: bool,
    /// Whether it can be gone back to.
    pub can_roll_back: bool,
}
