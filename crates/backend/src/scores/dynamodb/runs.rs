//! Runs in DynamoDB: one item each, which expires when no score of it can arrive any more.

use async_trait::async_trait;
use jiff::Timestamp;

use super::read_run;
use crate::platform::dynamodb::{
    Item, Unreadable, expiry, failed, if_held, number, read_number, read_player, read_time, string, time,
};
use crate::platform::{DynamoDb, StoreError};
use crate::scores::{Run, RunId, RunStore};

const TABLE: &str = "runs";

const ISSUING: &str = "issuing a run";
const READING: &str = "reading a run";

/// The second half is for the SDK, which repeats a write whose answer was lost.
const NEW_OR_THE_SAME: &str = "attribute_not_exists(run) \
    OR (player = :player AND seed = :seed AND issued_at = :issued_at)";

#[async_trait]
impl RunStore for DynamoDb {
    async fn issue(&self, run: &Run, outlived: Timestamp) -> Result<(), StoreError> {
        let mut item = to_item(run);
        item.insert("expires_at".to_owned(), expiry(forgotten_at(run, outlived)));
        let answer = self
            .client()
            .put_item()
            .table_name(self.table(TABLE))
            .set_item(Some(item))
            .condition_expression(NEW_OR_THE_SAME)
            .expression_attribute_values(":player", string(run.player.as_str()))
            .expression_attribute_values(":seed", number(run.seed))
            .expression_attribute_values(":issued_at", time(run.issued_at))
            .send()
            .await;
        let issued = if_held(ISSUING, answer)?;
        issued.map(drop).ok_or_else(|| StoreError::new(ISSUING, "the id was given out before"))
    }

    async fn find(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        let request = self.client().get_item().table_name(self.table(TABLE));
        let request = request.key("run", string(id.as_str())).consistent_read(true);
        let found = request.send().await.map_err(failed(READING))?.item;
        found.map(|item| to_run(&item)).transpose().map_err(Unreadable::while_doing(READING))
    }
}

/// What is outlived now was issued as long ago as this run will have been when it is.
fn forgotten_at(run: &Run, outlived: Timestamp) -> Timestamp {
    let kept = run.issued_at.duration_since(outlived);
    run.issued_at.saturating_add(kept).unwrap_or(Timestamp::MAX)
}

fn to_item(run: &Run) -> Item {
    Item::from([
        ("run".to_owned(), string(run.id.as_str())),
        ("player".to_owned(), string(run.player.as_str())),
        ("seed".to_owned(), number(run.seed)),
        ("rules_version".to_owned(), number(run.rules_version)),
        ("issued_at".to_owned(), time(run.issued_at)),
    ])
}

fn to_run(item: &Item) -> Result<Run, Unreadable> {
    Ok(Run {
        id: read_run(item)?,
        player: read_player(item)?,
        seed: read_number(item, "seed")?,
        rules_version: read_number(item, "rules_version")?,
        issued_at: read_time(item, "issued_at")?,
    })
}
