//! Records of players in DynamoDB: one item each, which is written once.

use async_trait::async_trait;

use super::{PlayerRecord, PlayerRecords};
use crate::platform::dynamodb::{
    Item, Unreadable, failed, if_held, read_player, read_str, read_time, string, time,
};
use crate::platform::{DynamoDb, PlayerId, StoreError};

const TABLE: &str = "players";

const REGISTERING: &str = "registering a player";
const READING: &str = "reading a player's record";

#[async_trait]
impl PlayerRecords for DynamoDb {
    async fn register(&self, record: &PlayerRecord) -> Result<bool, StoreError> {
        let put = self.client().put_item().table_name(self.table(TABLE));
        let put = put.set_item(Some(to_item(record))).condition_expression("attribute_not_exists(player)");
        Ok(if_held(REGISTERING, put.send().await)?.is_some())
    }

    async fn find(&self, account: &PlayerId) -> Result<Option<PlayerRecord>, StoreError> {
        let request = self.client().get_item().table_name(self.table(TABLE));
        let request = request.key("player", string(account.as_str())).consistent_read(true);
        let found = request.send().await.map_err(failed(READING))?.item;
        found.map(|item| to_record(&item)).transpose().map_err(Unreadable::while_doing(READING))
    }
}

fn to_item(record: &PlayerRecord) -> Item {
    Item::from([
        ("player".to_owned(), string(record.account.as_str())),
        ("email".to_owned(), string(&record.email)),
        ("created_at".to_owned(), time(record.created_at)),
    ])
}

fn to_record(item: &Item) -> Result<PlayerRecord, Unreadable> {
    Ok(PlayerRecord {
        account: read_player(item)?,
        email: read_str(item, "email")?.to_owned(),
        created_at: read_time(item, "created_at")?,
    })
}
