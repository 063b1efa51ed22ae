//! The content of the install folder.

use std::path::Path;

use naru_patcher::InstallFolder;

use crate::view::{Bilingual, InstalledRelease, Problem};

/// What was found there last.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Installed {
    pub(crate) release: Option<InstalledRelease>,
    /// Why the folder can't be read.
    pub(crate) unreadable: Option<Problem>,
    /// Whether an update was cut off while files were being put in place.
    pub(crate) is_midway: bool,
}

impl Installed {
    /// Reads the ledger. Neither a server nor the game's files are looked at.
    pub(crate) fn look(folder: &Path) -> Self {
        let status = match InstallFolder::new(folder).status() {
            Ok(status) => status,
            Err(error) => return Self { unreadable: Some(error.into()), ..Self::default() },
        };
        let release = status.installed.map(|number| InstalledRelease {
            number,
            channel: status.channel.map(|channel| channel.to_string()).unwrap_or_default(),
            notes: Bilingual::of_notes(&status.notes),
            files: status.files,
            bytes: status.bytes,
        });
        Self { release, unreadable: None, is_midway: status.interrupted }
    }
}

/// The line of releases that is followed: the chosen one, else the installed one's.
pub(crate) fn followed_channel(chosen: Option<&str>, installed: Option<&InstalledRelease>) -> String {
    let installed = installed.map(|release| &*release.channel);
    chosen.or(installed).filter(|name| !name.is_empty()).unwrap_or("live").to_owned()
}
