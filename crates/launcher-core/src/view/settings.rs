//! What the player has chosen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The settings, each with its default in the code that reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The language that the player has chosen; nothing means the system's.
    pub language: Option<Language>,
    /// The language that windows speak.
    pub shown_language: Language,
    /// Where the game is installed.
    pub install_folder: String,
    /// The line of releases to follow.
    pub channel: String,
    /// Bytes per second; nothing means as fast as it goes.
    #[ts(type = "number | null")]
    pub rate_limit: Option<u64>,
    /// What a native game is started with.
    pub launch_arguments: Vec<String>,
    /// Whether the launcher starts with the system.
    pub start_with_system: bool,
    /// Whether closing the window leaves the launcher in the tray.
    pub close_to_tray: bool,
    /// The build folder of the publisher's part.
    pub build_folder: Option<String>,
}

/// A language of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Korean.
    Ko,
    /// English.
    En,
}

/// One changed setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "setting", content = "value", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SettingsChange {
    /// The page's language.
    Language(Option<Language>),
    /// The line of releases.
    Channel(String),
    /// Bytes per second.
    RateLimit(#[ts(type = "number | null")] Option<u64>),
    /// What a native game is started with.
    LaunchArguments(Vec<String>),
    /// Whether the launcher starts with the system.
    StartWithSystem(bool),
    /// Whether closing the window leaves the launcher in the tray.
    CloseToTray(bool),
    /// The build folder.
    BuildFolder(Option<String>),
}

/// A folder that the game could be installed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderLook {
    /// The folder.
    pub path: String,
    /// Bytes that are free there, where the system tells.
    #[ts(type = "number | null")]
    pub free_bytes: Option<u64>,
    /// Bytes that the game takes there; nothing when the size is not known yet.
    #[ts(type = "number | null")]
    pub needed_bytes: Option<u64>,
    /// Whether the folder already contains a game of this launcher.
    pub has_game: bool,
    /// Whether it holds anything else.
    pub is_empty: bool,
    /// Whether the game does not fit; unknown figures forbid nothing.
    pub is_too_small: bool,
    /// Whether it can be taken.
    pub is_usable: bool,
}
