//! Rate limits.

use async_trait::async_trait;
use rusqlite::params;

use super::Database;
use crate::domain::{Action, PlayerId};
use crate::ports::{Allowance, StoreError};

#[async_trait]
impl Allowance for Database {
    async fn take(
        &self,
        player: &PlayerId,
        action: Action,
        window: i64,
        limit: u32,
    ) -> Result<bool, StoreError> {
        let player = player.clone();
        self.write_without_waiting("counting a request", move |db| {
            let taken: u32 = db
                .prepare_cached(
                    "INSERT INTO allowance (player, action, window, taken) VALUES (?1, ?2, ?3, 1)
                     ON CONFLICT (player, action) DO UPDATE SET
                         taken  = iif(window = excluded.window, min(taken + 1, ?4 + 1), 1),
                         window = excluded.window
                     RETURNING taken",
                )?
                .query_row(params![player.as_str(), action.as_str(), window, limit], |row| row.get(0))?;
            Ok(taken <= limit)
        })
        .await
    }
}
