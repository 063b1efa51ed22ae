//! Rate limits in DynamoDB: one item for each player or address, action and window, which expires.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{AllowanceStore, Requester};
use crate::platform::dynamodb::{expiry, if_held, number, string};
use crate::platform::{Clock, DynamoDb, StoreError, SystemClock};

const TABLE: &str = "allowances";

const COUNTING: &str = "counting a request";

/// Longer than any window and the differences of clocks. Deleting expired items is free.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl AllowanceStore for DynamoDb {
    /// One write, whose condition is the limit: however many ask at once, `limit` of them get it. A
    /// write that the SDK repeats after a lost answer counts twice, to the player's cost.
    async fn take(
        &self,
        by: &Requester,
        action: &'static str,
        window: i64,
        limit: u32,
    ) -> Result<bool, StoreError> {
        // The condition lets the first request in unseen: there is no number yet that it could look at.
        if limit == 0 {
            return Ok(false);
        }
        let answer = self
            .client()
            .update_item()
            .table_name(self.table(TABLE))
            .key("player", string(by.as_key()))
            .key("action", string(format!("{action}:{window}")))
            .update_expression("SET expires_at = :expires_at ADD taken :one")
            .condition_expression("attribute_not_exists(taken) OR taken < :limit")
            .expression_attribute_values(":expires_at", expiry(forgotten_at(SystemClock.now())))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":limit", number(limit))
            .send()
            .await;
        Ok(if_held(COUNTING, answer)?.is_some())
    }
}

fn forgotten_at(now: Timestamp) -> Timestamp {
    now.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
}
