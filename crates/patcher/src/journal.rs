//! The journal: what a commit does, written before it begins, so that it can be finished after a
//! crash. It is the point of no return.

use std::path::{Path, PathBuf};

use naru_protocol::RelPath;
use serde::{Deserialize, Serialize};

use crate::UpdateError;
use crate::disk::{Seen, replace_durably, sync_folder, unless_missing};
use crate::ledger::{Documents, Installed, RowUpdate};

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
}

/// A staged file and its place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Install {
    pub(crate) staged: String,
    pub(crate) path: RelPath,
    /// The file of ours that it replaces. Anything else at the place is moved aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<Seen>,
}

/// A file that goes, as it was seen. With other bytes it is the player's by now, and stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delete {
    pub(crate) path: RelPath,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Seen>,
}

/// The folder of Naru's own files inside an install folder.
#[derive(Debug, Clone)]
pub(crate) struct OwnFolder {
    pub(crate) install: PathBuf,
}

impl OwnFolder {
    pub(crate) fn new(install: &Path) -> Self {
        Self { install: install.to_path_buf() }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.install.join(".naru")
    }

    pub(crate) fn stage(&self) -> PathBuf {
        self.path().join("stage")
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join("filedb.db")
    }

    /// Moves a damaged ledger away, with what SQLite keeps beside it: a new one must not replay that.
    pub(crate) fn set_ledger_aside(&self) -> Result<(), UpdateError> {
        let (ledger, aside) = (self.ledger(), self.path().join("filedb.db.broken"));
        std::fs::rename(&ledger, aside).map_err(UpdateError::io("moving aside", &ledger))?;
        for suffix in ["journal", "wal", "shm"] {
            let beside = self.path().join(format!("filedb.db-{suffix}"));
            unless_missing(std::fs::remove_file(&beside)).map_err(UpdateError::io("removing", &beside))?;
        }
        Ok(())
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path().join("lock")
    }

    /// The file that is made to find out what the file system holds, and removed at once.
    pub(crate) fn probe(&self) -> PathBuf {
        self.path().join("probe")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path().join("journal")
    }

    pub(crate) fn staged(&self, name: &str) -> PathBuf {
        self.stage().join(name)
    }

    /// Puts the release's documents where the commit, also a later one, finds them.
    pub(crate) fn stage_documents(&self, documents: &Documents) -> Result<(), UpdateError> {
        for (name, bytes) in [("manifest", &documents.manifest), ("locations", &documents.locations)] {
            let place = self.staged(name);
            std::fs::write(&place, bytes).map_err(UpdateError::io("writing", &place))?;
        }
        Ok(())
    }

    pub(crate) fn staged_documents(&self) -> Result<Documents, UpdateError> {
        let read = |name: &str| {
            let place = self.staged(name);
            std::fs::read(&place).map_err(UpdateError::io("reading", &place))
        };
        Ok(Documents { manifest: read("manifest")?, locations: read("locations")? })
    }

    /// The journal of an interrupted commit.
    pub(crate) fn read_journal(&self) -> Result<Option<Journal>, UpdateError> {
        let path = self.journal();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if crate::disk::is_missing(&error) => return Ok(None),
            Err(error) => return Err(UpdateError::io("reading", &path)(error)),
        };
        match serde_json::from_slice::<Journal>(&bytes) {
            Ok(journal) if journal.format == 1 => Ok(Some(journal)),
            _ => Err(UpdateError::Journal { path }),
        }
    }

    /// Writes the journal: from here on, the commit is only ever finished.
    pub(crate) fn write_journal(&self, journal: &Journal) -> Result<(), UpdateError> {
        let path = self.journal();
        let broken = |error: serde_json::Error| UpdateError::io("writing", &path)(error.into());
        let bytes = serde_json::to_vec(journal).map_err(broken)?;
        replace_durably(&path, &bytes).map_err(UpdateError::io("writing", &path))
    }

    /// Drops the journal: the commit is finished.
    pub(crate) fn drop_journal(&self) -> Result<(), UpdateError> {
        let path = self.journal();
        let removed = unless_missing(std::fs::remove_file(&path)).and_then(|()| sync_folder(&self.path()));
        removed.map_err(UpdateError::io("removing", &path))
    }

    pub(crate) fn drop_stage(&self) -> Result<(), UpdateError> {
        let stage = self.stage();
        unless_missing(std::fs::remove_dir_all(&stage)).map_err(UpdateError::io("removing", &stage))
    }
}
