//! The game, as the player sees it.

use serde::Serialize;
use ts_rs::TS;

use super::{Bilingual, Problem};

/// The game: what is installed and what is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Game {
    /// Where it is installed.
    pub folder: String,
    /// What is installed.
    pub installed: Option<InstalledRelease>,
    /// Why the install folder can't be read.
    pub unreadable: Option<Problem>,
    /// What the server offers.
    pub offer: Offer,
    /// Whether the game runs.
    pub playing: bool,
    /// Damaged files that `verify` found and that are not repaired yet.
    #[ts(type = "number")]
    pub wounds: u64,
    /// What the big button does when no job is under way.
    pub action: Action,
}

/// What the big button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing can be done: nothing is installed and the server has not answered.
    None,
    /// Install the game.
    Install,
    /// Install the newer release. Playing the installed one is offered beside it.
    Update,
    /// Start the game.
    Play,
    /// Mend the installed game.
    Repair,
    /// The game runs.
    Playing,
}

/// A release that is installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InstalledRelease {
    /// Its number.
    #[ts(type = "number")]
    pub number: u64,
    /// Its channel.
    pub channel: String,
    /// Its notes.
    pub notes: Bilingual,
    /// How many files it has.
    #[ts(type = "number")]
    pub files: u64,
    /// How many bytes they hold.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// What the server offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Offer {
    /// Not checked yet.
    Unknown,
    /// The question is under way.
    Checking,
    /// The newest release is installed.
    UpToDate,
    /// There is one to install.
    Available {
        /// Which, and what it costs.
        release: OfferedRelease,
    },
    /// The check failed: the installed game can still be played.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// A release that can be installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfferedRelease {
    /// Its number.
    #[ts(type = "number")]
    pub number: u64,
    /// Its notes.
    pub notes: Bilingual,
    /// Bytes of the whole release.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Bytes to fetch at most.
    #[ts(type = "number")]
    pub download_bytes: u64,
    /// Files to fetch, in whole or in part.
    #[ts(type = "number")]
    pub download_files: u64,
    /// Bytes of it that an interrupted download has left here.
    #[ts(type = "number")]
    pub staged_bytes: u64,
}
