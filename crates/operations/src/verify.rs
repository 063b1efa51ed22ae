//! Comparing every byte of an install folder with its release.

use std::sync::Arc;

use naru_patcher::{InstallFolder, Verification};

use crate::failure::failed;
use crate::{OperationError, Tracker};

/// Reads every installed byte, after an interrupted commit was finished. No server is asked.
pub async fn verify(folder: &InstallFolder, tracker: &Arc<Tracker>) -> Result<Verification, OperationError> {
    // To finish a commit changes the game: a failure on the way must not say that nothing was changed.
    let is_interrupted = folder.status().is_ok_and(|status| status.interrupted);
    match is_interrupted {
        true => tracker.installs(folder),
        false => tracker.only_reads(),
    }
    let verified = folder.verify(Arc::clone(tracker) as _).await.map_err(failed(tracker))?;
    if is_interrupted {
        tracker.done();
    }
    Ok(verified)
}
