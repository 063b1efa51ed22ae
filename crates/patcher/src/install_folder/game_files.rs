//! Reads the files of an installed game, for a launcher that serves them to the game.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use naru_protocol::{Digest, RelPath};

use super::{Ledger, OwnFolder, Row};
use crate::UpdateError;
use crate::disk::open_file;

/// The files that the ledger knows, as it knew them when it was opened. Nothing else of the folder
/// can be read here, and no byte that is not the release's.
#[derive(Debug)]
pub struct GameFiles {
    install: PathBuf,
    rows: HashMap<RelPath, Row>,
}

/// A file that is not handed out.
#[derive(Debug, thiserror::Error)]
pub enum GameFileError {
    /// The ledger knows no such file.
    #[error("{path} is not a file of the game")]
    Unknown {
        /// What was asked for.
        path: String,
    },
    /// Its bytes are not the release's.
    #[error("{path} was changed since it was installed")]
    Altered {
        /// Which file.
        path: RelPath,
    },
    /// The disk.
    #[error("reading {path}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl GameFiles {
    /// Reads the ledger of an install folder.
    pub fn open(install: &Path) -> Result<Self, UpdateError> {
        let own = OwnFolder::new(install);
        let not_installed = || UpdateError::NotInstalled { path: own.install.clone() };
        let ledger = Ledger::read(&own)?.ok_or_else(not_installed)?;
        Ok(Self { rows: ledger.rows()?, install: own.install })
    }

    /// Reads one file whole. Its bytes are hashed each time: what lies at a place may change while
    /// the game runs.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, GameFileError> {
        let unknown = || GameFileError::Unknown { path: path.to_owned() };
        let path = RelPath::parse(path).map_err(|_| unknown())?;
        let row = self.rows.get(&path).ok_or_else(unknown)?;
        let bytes = self.bytes(&path, row)?;
        if Digest::of(&bytes) == row.digest { Ok(bytes) } else { Err(GameFileError::Altered { path }) }
    }

    /// At most one byte more than the release's: a file that has grown is not read to its end.
    fn bytes(&self, path: &RelPath, row: &Row) -> Result<Vec<u8>, GameFileError> {
        let place = path.below(&self.install);
        let mut bytes = Vec::new();
        let read =
            open_file(&place).and_then(|file| file.take(row.size.saturating_add(1)).read_to_end(&mut bytes));
        match read {
            Ok(_) => Ok(bytes),
            Err(source) => Err(GameFileError::Io { path: place, source }),
        }
    }
}
