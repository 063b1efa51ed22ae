//! The journal: what a commit does, written before it begins, so that it can be finished after a
//! crash. It is the point of no return.

use std::io;
use std::path::PathBuf;

use naru_protocol::RelPath;
use serde::{Deserialize, Serialize};

use super::OwnFolder;
use super::ledger::{Installed, RowUpdate};
use super::staged_name::StagedName;
use crate::UpdateError;
use crate::disk::Seen;
use crate::folder::Access;

pub(super) const JOURNAL: &str = "journal";

/// What `replace` writes before it renames; a journal that can't be removed becomes such a draft.
pub(super) const JOURNAL_DRAFT: &str = "journal.tmp";

/// A journal of the largest release takes a third of it; a longer one is not written, and not read.
const MOST_JOURNAL: u64 = 1 << 30;

/// Everything that a commit does; each step may be done again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Journal {
    pub(crate) format: u32,
    pub(crate) installed: Installed,
    pub(crate) deletes: Vec<Delete>,
    pub(crate) installs: Vec<Install>,
    pub(crate) modes: Vec<(RelPath, bool)>,
    pub(crate) rows: Vec<RowUpdate>,
    pub(crate) gone: Vec<RelPath>,
    /// Folders that are ready to take the place of a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) folders: Vec<ReadyFolder>,
    /// Whether the new ledger is ready. If not (an older journal), the commit writes the rows itself.
    #[serde(default)]
    pub(crate) has_new_ledger: bool,
    /// Whether the old ledger was found to be damaged.
    #[serde(default)]
    pub(crate) has_broken_ledger: bool,
}

/// A staged file and its place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Install {
    pub(crate) staged: StagedName,
    pub(crate) path: RelPath,
    /// The file of ours that it replaces. Anything else at the place is moved aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<Seen>,
}

/// A file to remove, as it was seen. If its bytes have changed since, it is the player's and stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delete {
    pub(crate) path: RelPath,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Seen>,
}

/// A folder, complete with its content, that will replace a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReadyFolder {
    /// Its name among Naru's own folders.
    pub(crate) number: u32,
    pub(crate) path: RelPath,
}

impl OwnFolder {
    pub(crate) fn journal(&self) -> PathBuf {
        self.path().join(JOURNAL)
    }

    /// Whether a commit was interrupted.
    pub(crate) fn has_journal(&self) -> Result<bool, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(false);
        };
        // Opened as it would be read: a link or a pipe is no journal of ours, and refused by name.
        let file = folder.open(JOURNAL, Access::Read);
        let length = file.and_then(|file| file.map(|file| Ok(file.metadata()?.len())).transpose());
        let length = length.map_err(UpdateError::io("reading", &self.journal()))?;
        // An empty one is finished and could not be removed.
        Ok(length.is_some_and(|length| length > 0))
    }

    /// The journal of an interrupted commit.
    pub(crate) fn read_journal(&self) -> Result<Option<Journal>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        let bytes =
            folder.read(JOURNAL, MOST_JOURNAL).map_err(UpdateError::io("reading", &self.journal()))?;
        // How a finished one is marked where it can't be removed; a crash never leaves it so.
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            return Ok(None);
        };
        match serde_json::from_slice::<Journal>(&bytes) {
            Ok(journal) if journal.format == 1 => Ok(Some(journal)),
            _ => Err(UpdateError::Journal { path: self.journal() }),
        }
    }

    /// Writes the journal: from here on, the commit is only ever finished.
    pub(crate) fn write_journal(&self, journal: &Journal) -> Result<(), UpdateError> {
        let path = self.journal();
        let broken = |error: serde_json::Error| UpdateError::io("writing", &path)(error.into());
        let bytes = serde_json::to_vec(journal).map_err(broken)?;
        let written = match bytes.len() as u64 > MOST_JOURNAL {
            // It could not be read back.
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => self.existing()?.replace(JOURNAL, &bytes),
        };
        if written.is_err() {
            // It may be there and not survive a power cut. While nothing has changed, the way back
            // is open.
            self.drop_journal().ok();
        }
        written.map_err(UpdateError::io("writing", &path))
    }

    /// Drops the journal: the commit is finished. One that can't be removed is renamed or emptied, so
    /// that no later run takes it for an open one.
    pub(crate) fn drop_journal(&self) -> Result<(), UpdateError> {
        let folder = self.existing()?;
        let emptied = || folder.open(JOURNAL, Access::Write)?.map_or(Ok(()), |file| file.set_len(0));
        let removed = folder
            .remove(JOURNAL)
            .or_else(|refused| folder.rename(JOURNAL, JOURNAL_DRAFT).map_err(|_| refused))
            .or_else(|refused| emptied().map_err(|_| refused));
        removed.map_err(UpdateError::io("removing", &self.journal()))?;
        // A journal that a power cut brings back is carried out once more and finds all of it done.
        folder.sync().ok();
        Ok(())
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_no_plain_file_is_no_journal_of_a_cut_off_commit() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::new(folder.path());
        own.make().expect("a folder");
        assert!(!own.has_journal().expect("looked at"));
        let traps: [fn(&std::path::Path); 3] = [
            |journal| symlink("elsewhere", journal).expect("a link"),
            |journal| std::fs::create_dir(journal).expect("a folder"),
            |journal| {
                std::os::unix::net::UnixListener::bind(journal).expect("a socket");
            },
        ];
        for trap in traps {
            trap(&own.journal());
            let looked = own.has_journal().expect_err("it is none").to_string();
            let read = own.read_journal().expect_err("it is none").to_string();
            assert_eq!(looked, read, "both name it in the same way");
            own.existing().expect("the folder").remove(JOURNAL).expect("removed");
        }
        std::fs::write(own.journal(), "{").expect("a file");
        assert!(own.has_journal().expect("looked at"), "it may be one of a newer Naru");
    }
}
