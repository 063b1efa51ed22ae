//! An install folder by itself: what can be known and done without a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::commit::{Run, roll_forward};
use crate::kept::Kept;
use crate::ledger::{Ledger, Status};
use crate::local_state::{Comparer, Depth};
use crate::lock::Lock;
use crate::own_folder::OwnFolder;
use crate::verify::{Verification, verification};
use crate::{ProgressSink, UpdateError};

/// An install folder, without a server.
#[derive(Debug, Clone)]
pub struct InstallFolder {
    pub(crate) own: OwnFolder,
}

impl InstallFolder {
    /// The folder at a path; it need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { own: OwnFolder::new(&path.into()) }
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

    /// Finishes an interrupted commit; tells whether there was one. It is all that a game has to wait
    /// for before it starts.
    pub fn recover(&self, progress: &dyn ProgressSink) -> Result<bool, UpdateError> {
        if self.own.find()?.is_none() {
            return Ok(false);
        }
        let _lock = Lock::take_to_look(&self.own)?;
        self.finish_commit(progress)
    }

    /// Reads every byte of the installed release. Changes nothing, except that an interrupted commit
    /// is finished first.
    pub async fn verify(&self, progress: Arc<dyn ProgressSink>) -> Result<Verification, UpdateError> {
        let _lock = Lock::take_to_look(&self.own)?;
        self.finish_commit(&*progress)?;
        let kept = Kept::read(&self.own)?.ok_or_else(|| self.not_installed())?;
        let release = kept.release();
        let comparer = Comparer {
            root: &self.own.install,
            wanted: &release,
            known: &kept.known,
            depth: Depth::Bytes,
            progress: &*progress,
        };
        Ok(verification(&release, &comparer.compare()?))
    }

    /// The same as [`InstallFolder::recover`], for whoever holds the lock.
    pub(crate) fn finish_commit(&self, progress: &dyn ProgressSink) -> Result<bool, UpdateError> {
        let Some(journal) = self.own.read_journal()? else {
            self.own.drop_unfinished();
            return Ok(false);
        };
        roll_forward(&self.own, &journal, Run::Again, progress)?;
        Ok(true)
    }

    pub(crate) fn not_installed(&self) -> UpdateError {
        UpdateError::NotInstalled { path: self.own.install.clone() }
    }
}
