//! What lies in the install folder.

use std::path::Path;

use naru_patcher::{InstallFolder, Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};

use crate::core::Core;
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

impl Core {
    /// Looks again, after work on the folder. Blocks for as long as the disk takes.
    pub(crate) fn look_again(&self) {
        let folder = self.read(|state| state.install.clone());
        let installed = Installed::look(&folder);
        self.change(|state| {
            if state.install == folder {
                state.installed = installed;
            }
        });
    }

    /// Finishes an update that was cut off while files were being put in place: until then the game
    /// is neither the old release nor the new one. Needs no server. Blocks.
    pub(crate) fn finish_interrupted(&self) -> Result<(), Problem> {
        let folder = self.read(|state| state.install.clone());
        if InstallFolder::new(&folder).recover(&Logged)? {
            tracing::info!("an interrupted update was finished");
        }
        Ok(())
    }
}

/// Writes to the log what had to be left out. The next check offers those files as an update.
struct Logged;

impl ProgressSink for Logged {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        Silent.start(phase, total)
    }

    fn warn(&self, warning: Warning) {
        tracing::warn!(?warning, "an interrupted update was finished");
    }
}
