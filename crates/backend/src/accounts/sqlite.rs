//! Records of players in SQLite.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

use super::{PlayerRecord, PlayerRecords};
use crate::platform::sqlite::rows;
use crate::platform::{Database, PlayerId, StoreError};

#[async_trait]
impl PlayerRecords for Database {
    async fn register(&self, record: &PlayerRecord) -> Result<bool, StoreError> {
        let record = record.clone();
        self.write("registering a player", move |db| {
            let mut insert = db.prepare_cached(
                "INSERT OR IGNORE INTO player (account, email, created_at) VALUES (?1, ?2, ?3)",
            )?;
            let created = record.created_at.as_millisecond();
            Ok(insert.execute(params![record.account.as_str(), record.email, created])? == 1)
        })
        .await
    }

    async fn find(&self, account: &PlayerId) -> Result<Option<PlayerRecord>, StoreError> {
        let account = account.clone();
        self.read("reading a player's record", move |db| {
            let mut query = db.prepare_cached("SELECT * FROM player WHERE account = ?1")?;
            let record = query.query_row([account.as_str()], |row| {
                Ok(PlayerRecord {
                    account: rows::player(row, "account")?,
                    email: row.get("email")?,
                    created_at: rows::time(row, "created_at")?,
                })
            });
            record.optional()
        })
        .await
    }
}
