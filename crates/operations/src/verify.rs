//! Comparing every byte of an install folder with its release.

use std::sync::Arc;

use naru_patcher::{InstallFolder, Verification};

use crate::failure::failed;
use crate::{OperationError, Tracker};

/// Reads every installed byte. No server is asked.
pub async fn verify(folder: &InstallFolder, tracker: &Arc<Tracker>) -> Result<Verification, OperationError> {
    tracker.only_reads();
    let verified = folder.verify(Arc::clone(tracker) as _).await;
    verified.map_err(failed(tracker))
}
