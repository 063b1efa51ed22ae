//! The folder of Naru's own files inside an install folder.
//!
//! An attacker who can write to the install folder, or who made the archive that it came from, can put
//! anything there. No link in it is followed, and no name in it is trusted.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::journal::{JOURNAL, JOURNAL_DRAFT};
use super::ledger_file::{LEDGER_DRAFT, NEW_LEDGER};
use super::modes::PROBE;
use crate::UpdateError;
use crate::folder::{Access, Folder};

const NAME: &str = ".naru";
const LOCK: &str = "lock";

/// The folder's place; it need not be there yet.
#[derive(Debug, Clone)]
pub(crate) struct OwnFolder {
    pub(crate) install: PathBuf,
}

impl OwnFolder {
    pub(crate) fn new(install: impl Into<PathBuf>) -> Self {
        Self { install: install.into() }
    }

    /// Where it is, for messages.
    pub(crate) fn path(&self) -> PathBuf {
        self.install.join(NAME)
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path().join(LOCK)
    }

    /// The folder, where there is one.
    pub(crate) fn find(&self) -> Result<Option<Folder>, UpdateError> {
        let install =
            Folder::open_followed(&self.install).map_err(UpdateError::io("opening", &self.install))?;
        let own = install.map_or(Ok(None), |install| install.enter(NAME));
        own.map_err(UpdateError::io("opening", &self.path()))
    }

    pub(crate) fn existing(&self) -> Result<Folder, UpdateError> {
        self.find()?.ok_or_else(|| UpdateError::io("opening", &self.path())(missing()))
    }

    /// The folder, made where there is none; so is the install folder.
    pub(crate) fn make(&self) -> Result<Folder, UpdateError> {
        let made = std::fs::create_dir_all(&self.install).and_then(|()| {
            let install = Folder::open_followed(&self.install)?.ok_or(io::ErrorKind::NotADirectory)?;
            install.make(NAME)
        });
        made.map_err(not_made(&self.path()))
    }

    /// The lock's file, made where there is none.
    pub(crate) fn lock_file(&self) -> Result<File, UpdateError> {
        let folder = self.make()?;
        let open = || loop {
            if let Some(file) = folder.open(LOCK, Access::Write)? {
                return Ok(file);
            }
            match folder.create_new(LOCK) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created,
            }
        };
        open().map_err(UpdateError::io("opening", &self.lock()))
    }

    /// The lock's file, opened for reading only.
    pub(crate) fn readable_lock_file(&self) -> Result<Option<File>, UpdateError> {
        let Some(folder) = self.find()? else {
            return file_in_place_of(&self.install)
                .map_or(Ok(None), |path| Err(UpdateError::NotAFolder { path }));
        };
        folder.open(LOCK, Access::Read).map_err(UpdateError::io("opening", &self.lock()))
    }

    /// Drops what is left of a run that was killed before its journal or right after it, and what an
    /// earlier run could not remove.
    pub(crate) fn drop_unfinished(&self) {
        if let Ok(Some(folder)) = self.find() {
            for name in [JOURNAL, JOURNAL_DRAFT, NEW_LEDGER, LEDGER_DRAFT, PROBE] {
                folder.remove(name).ok();
            }
        }
        self.drop_folders();
    }
}

pub(super) fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// Why there is no folder: the system's words, or the file that lies in its place.
fn not_made(folder: &Path) -> impl FnOnce(io::Error) -> UpdateError {
    move |error| match folder.parent().and_then(file_in_place_of) {
        Some(path) => UpdateError::NotAFolder { path },
        None => UpdateError::io("making", folder)(error),
    }
}

/// The file that lies where a folder, or one above it, should be.
fn file_in_place_of(folder: &Path) -> Option<PathBuf> {
    let there = folder.ancestors().find_map(|place| Some((place, std::fs::metadata(place).ok()?)));
    there.filter(|(_, found)| !found.is_dir()).map(|(place, _)| place.to_path_buf())
}
