//! Repairing what differs from the installed release.

use naru_patcher::{Repaired, Updater};

use crate::failure::failed;
use crate::{OperationError, Tracker};

/// Reads every installed byte, and fetches only the damaged pieces.
pub async fn repair(updater: &Updater, tracker: &Tracker) -> Result<Repaired, OperationError> {
    tracker.installs(updater.folder());
    let repaired = updater.repair().await.map_err(failed(tracker))?;
    tracker.done();
    Ok(repaired)
}
