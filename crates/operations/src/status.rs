//! What is installed, as the ledger says.

use naru_patcher::{InstallFolder, Status};

use crate::failure::failed;
use crate::{OperationError, Tracker};

/// Reads the ledger. No server is asked and no file of the game is read.
pub fn status(folder: &InstallFolder, tracker: &Tracker) -> Result<Status, OperationError> {
    tracker.only_reads();
    folder.status().map_err(failed(tracker))
}
