//! The releases of a channel.

use naru_patcher::{ReleaseLog, ReleaseSummary};

use crate::failure::failed;
use crate::{OperationError, Tracker};

/// Lists the releases, newest first.
pub async fn releases(log: &ReleaseLog, tracker: &Tracker) -> Result<Vec<ReleaseSummary>, OperationError> {
    tracker.only_reads();
    log.releases().await.map_err(failed(tracker))
}
