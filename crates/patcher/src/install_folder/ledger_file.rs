//! The file of the ledger: its bytes are read and written whole, and a new one is renamed into place.

use std::io::{self, Write};
use std::path::PathBuf;

use super::OwnFolder;
use super::own_folder::missing;
use crate::UpdateError;
use crate::disk::{Entry, sync_file};
use crate::folder::{Access, Folder, Intrusion};

const LEDGER: &str = "filedb.db";
const BROKEN_LEDGER: &str = "filedb.db.broken";

/// The ledger as it will be after the commit.
pub(super) const NEW_LEDGER: &str = "filedb.db.new";

/// What `replace` writes before it renames.
pub(super) const LEDGER_DRAFT: &str = "filedb.db.tmp";

/// What SQLite left beside the ledger when an earlier Naru was killed while it wrote.
const SQLITE_JOURNAL: &str = "filedb.db-journal";

/// As much as SQLite holds in memory.
const MOST_LEDGER: u64 = 1 << 30;

impl OwnFolder {
    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join(LEDGER)
    }

    /// The ledger's bytes. What is there and no file of at most the length that a ledger may have is
    /// a broken ledger.
    pub(crate) fn read_ledger(&self) -> Result<Option<Vec<u8>>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        let broken = |problem: String| UpdateError::BrokenLedger { path: self.ledger(), problem };
        let looked = folder.look(SQLITE_JOURNAL).map_err(UpdateError::io("looking at", &self.path()))?;
        if looked != Entry::Missing {
            return Err(broken("its last change was cut off".into()));
        }
        folder.read(LEDGER, MOST_LEDGER).map_err(|error| match Intrusion::of(&error) {
            Some(intrusion) => broken(format!("it is {}", intrusion.intruder)),
            None if error.kind() == io::ErrorKind::FileTooLarge => broken(error.to_string()),
            None => UpdateError::io("reading", &self.ledger())(error),
        })
    }

    /// Bytes that the ledger takes on the disk; the one after a commit takes as much and what is new.
    pub(crate) fn allocated_for_ledger(&self) -> u64 {
        let folder = self.find().ok().flatten();
        folder.and_then(|folder| folder.allocated(LEDGER).ok()).unwrap_or(0).min(MOST_LEDGER)
    }

    pub(crate) fn write_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let written = self.existing()?.replace(LEDGER, bytes);
        written.map_err(UpdateError::io("writing", &self.ledger()))
    }

    /// Writes the ledger as it will be after the commit, which only renames it.
    pub(crate) fn write_new_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let write = |folder: &Folder| {
            let mut file = folder.create(NEW_LEDGER)?;
            file.write_all(bytes)?;
            sync_file(&file)
        };
        write(&self.existing()?).map_err(UpdateError::io("writing", &self.path().join(NEW_LEDGER)))
    }

    /// Puts the new ledger in place; tells whether there was one.
    pub(crate) fn place_new_ledger(&self) -> Result<bool, UpdateError> {
        let folder = self.existing()?;
        match folder.rename(NEW_LEDGER, LEDGER) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            placed => placed.map(|()| true).map_err(UpdateError::io("putting in place", &self.ledger())),
        }
    }

    /// Writes over the ledger where nothing can be renamed to its place. The journal is still there: a
    /// ledger that is cut off is written again.
    pub(crate) fn overwrite_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let write = |folder: &Folder| {
            let mut file = folder.open(LEDGER, Access::Write)?.ok_or_else(missing)?;
            file.set_len(0)?;
            file.write_all(bytes)?;
            sync_file(&file)
        };
        write(&self.existing()?).map_err(UpdateError::io("writing", &self.ledger()))
    }

    /// Moves a damaged ledger away; a link is moved itself, not what it leads to.
    pub(crate) fn set_ledger_aside(&self) -> Result<(), UpdateError> {
        let folder = self.existing()?;
        let move_aside = || {
            folder.remove(BROKEN_LEDGER)?;
            match folder.rename(LEDGER, BROKEN_LEDGER) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => folder.remove(SQLITE_JOURNAL),
            }
        };
        move_aside().map_err(UpdateError::io("moving aside", &self.ledger()))
    }
}
