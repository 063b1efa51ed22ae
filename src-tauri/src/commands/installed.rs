//! `installed`: what is in the install folder.

use serde::Serialize;
use tauri::State;

use crate::installed::{InstallFolder, look};

/// What is installed, in the page's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Installed {
    /// Whether a release has ever arrived here completely.
    pub installed: bool,
    /// Its number, where it is known.
    pub release: Option<u64>,
    /// How many files the release has.
    pub files: u64,
    /// How many bytes they hold.
    pub bytes: u64,
    /// The install folder, as the player would type it.
    pub folder: String,
}

/// Why the question has no answer. The page has a sentence for each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum InstalledError {
    /// The install folder exists and cannot be read.
    FolderUnreadable {
        /// The path that refused.
        path: String,
        /// The system's own words.
        cause: String,
    },
}

/// Answers what is installed.
#[tauri::command(async)]
pub fn installed(folder: State<'_, InstallFolder>) -> Result<Installed, InstalledError> {
    look(&folder.0)
}
