//! Finishing a commit that was interrupted.

use super::commit::{Run, roll_forward};
use crate::install_folder::Lock;
use crate::{InstallFolder, ProgressSink, UpdateError};

impl InstallFolder {
    /// Finishes an interrupted commit; tells whether there was one. It is all that a game has to wait
    /// for before it starts.
    pub fn recover(&self, progress: &dyn ProgressSink) -> Result<bool, UpdateError> {
        if self.own.find()?.is_none() {
            return Ok(false);
        }
        let _lock = Lock::take_to_look(&self.own)?;
        self.finish_commit(progress)
    }

    /// The same, for a caller that holds the lock.
    pub(super) fn finish_commit(&self, progress: &dyn ProgressSink) -> Result<bool, UpdateError> {
        let Some(journal) = self.own.read_journal()? else {
            self.own.drop_unfinished();
            return Ok(false);
        };
        roll_forward(&self.own, &journal, Run::Again, progress)?;
        Ok(true)
    }
}
