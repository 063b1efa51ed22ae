//! An install folder, and Naru's own folder in it: lock, ledger, journal, stage.

mod claim;
mod game_files;
mod installed_release;
mod journal;
mod known;
mod ledger;
mod ledger_file;
mod lock;
mod made_folders;
mod modes;
mod own_folder;
mod stage_folder;
mod staged_name;

use std::path::{Path, PathBuf};

pub use game_files::{GameFileError, GameFiles};
pub(crate) use installed_release::InstalledRelease;
pub(crate) use journal::{Delete, Install, Journal, ReadyFolder};
pub(crate) use known::Known;
pub use ledger::Status;
pub(crate) use ledger::{Installed, Ledger, Row, RowUpdate};
pub(crate) use lock::Lock;
pub(crate) use modes::holds_modes;
pub(crate) use own_folder::OwnFolder;
pub(crate) use stage_folder::{MOST_MARKS, Stage};
pub(crate) use staged_name::StagedName;

use crate::UpdateError;

/// An install folder, without a server.
#[derive(Debug, Clone)]
pub struct InstallFolder {
    pub(crate) own: OwnFolder,
}

impl InstallFolder {
    /// The folder at a path; it need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { own: OwnFolder::new(path.into()) }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.own.install
    }

    /// What the ledger says, without reading the files.
    pub fn status(&self) -> Result<Status, UpdateError> {
        let own = &self.own;
        let mut status = Status {
            interrupted: own.has_journal()?,
            staged_bytes: own.stage()?.map_or(0, |stage| stage.arrived_bytes()),
            ..Status::default()
        };
        let Some(ledger) = Ledger::read(own)? else {
            return Ok(status);
        };
        if let Some(installed) = ledger.installed()? {
            status.installed = Some(installed.number);
            status.channel = Some(installed.channel);
            status.notes = installed.notes;
            status.made_by_2017 = installed.made_by_2017;
            (status.files, status.bytes) = ledger.totals()?;
        }
        Ok(status)
    }

    /// Whether it is in use: by another program, or threads of this one that outlive their
    /// cancellation. Looks at the lock and changes nothing.
    pub fn is_in_use(&self) -> bool {
        matches!(Lock::look_if_there(&self.own), Err(UpdateError::Busy { .. }))
    }

    pub(crate) fn not_installed(&self) -> UpdateError {
        UpdateError::NotInstalled { path: self.own.install.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_whether_a_folder_is_in_use_changes_nothing() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = InstallFolder::new(place.path().join("game"));
        assert!(!folder.is_in_use(), "nobody works on a folder that is not there");
        assert!(!folder.path().exists(), "and it is not made for that");
        let lock = Lock::take(&folder.own).expect("free");
        let journal = folder.own.path().join("journal");
        std::fs::write(&journal, "what an interrupted commit has left").expect("written");
        assert!(folder.is_in_use());
        drop(lock);
        assert!(!folder.is_in_use());
        assert!(journal.exists(), "finishing the commit is for whoever wants that");
        drop(Lock::take(&folder.own).expect("free: the probe holds nothing"));
    }
}
