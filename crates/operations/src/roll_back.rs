//! Publishing the content of an earlier release again, under a new number.

use naru_patcher::{ReleaseLog, RollbackPlan};

use crate::failure::failed;
use crate::publish::make_live;
use crate::{Answer, OperationError, PublishOutcome, Tracker};

/// Makes release `number` live again, with these notes or, where they are empty, with its own. `None`
/// where the plan was not wanted.
pub async fn roll_back<E: From<OperationError>>(
    log: &ReleaseLog,
    tracker: &Tracker,
    (number, notes): (u64, &str),
    confirm: impl AsyncFnOnce(&RollbackPlan) -> Result<Answer, E>,
) -> Result<Option<PublishOutcome>, E> {
    let plan = log.plan_rollback(number, notes).await.map_err(failed(tracker))?;
    if confirm(&plan).await? == Answer::Stop {
        return Ok(None);
    }
    let (channel, is_live) = (log.channel(), plan.is_empty());
    Ok(Some(make_live(tracker, channel, is_live, log.roll_back(plan)).await?))
}
