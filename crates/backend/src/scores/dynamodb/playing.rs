//! What time of the players their runs have taken, in DynamoDB: one item each, which expires a day after the last run.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::platform::dynamodb::{
    Item, Unreadable, expiry, failed, if_held, number, read_number, read_str, string,
};
use crate::platform::{Clock, DynamoDb, PlayerId, StoreError, SystemClock};
use crate::scores::{Playing, PlayingStore};

const TABLE: &str = "playing";

const READING: &str = "reading a player's runs";
const TAKING: &str = "taking a player's time";

/// Longer than a score of any of the runs can be sent.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl PlayingStore for DynamoDb {
    async fn load(&self, player: &PlayerId) -> Result<(Playing, u64), StoreError> {
        let request = self.client().get_item().table_name(self.table(TABLE));
        let request = request.key("player", string(player.as_str())).consistent_read(true);
        match request.send().await.map_err(failed(READING))?.item {
            Some(item) => to_playing(&item).map_err(Unreadable::while_doing(READING)),
            None => Ok((Playing::default(), 0)),
        }
    }

    /// A write that the SDK repeats after a lost answer finds its own version there, and looks stale: the
    /// caller reads again, and finds the run opened and its time taken.
    async fn commit(&self, player: &PlayerId, before: u64, playing: &Playing) -> Result<bool, StoreError> {
        let forgotten = SystemClock.now().saturating_add(KEPT).unwrap_or(Timestamp::MAX);
        let runs = serde_json::to_string(playing).map_err(|error| StoreError::new(TAKING, error))?;
        let put = self
            .client()
            .put_item()
            .table_name(self.table(TABLE))
            .item("player", string(player.as_str()))
            .item("runs", string(runs))
            .item("version", number(before + 1))
            .item("expires_at", expiry(forgotten));
        let put = match before {
            0 => put.condition_expression("attribute_not_exists(player)"),
            _ => put
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before)),
        };
        Ok(if_held(TAKING, put.send().await)?.is_some())
    }
}

fn to_playing(item: &Item) -> Result<(Playing, u64), Unreadable> {
    let runs = serde_json::from_str(read_str(item, "runs")?).map_err(|_| Unreadable("runs"))?;
    Ok((runs, read_number(item, "version")?))
}
