//! Rate limits in SQLite.

use async_trait::async_trait;
use rusqlite::params;

use super::{AllowanceStore, Requester};
use crate::platform::{Database, StoreError};

/// Windows that are kept beside the newest one, for a process whose clock is behind.
const KEPT: i64 = 2;

#[async_trait]
impl AllowanceStore for Database {
    async fn take(
        &self,
        by: &Requester,
        action: &'static str,
        window: i64,
        limit: u32,
    ) -> Result<bool, StoreError> {
        let by = by.as_key();
        // No disk is waited for: a power cut gives a player a few requests back, and that is all.
        self.write_without_waiting("counting a request", move |db| {
            let taken: u32 = db
                .prepare_cached(
                    "INSERT INTO allowance (player, action, window, taken) VALUES (?1, ?2, ?3, 1)
                     ON CONFLICT (player, action) DO UPDATE SET
                         taken  = iif(window = excluded.window, min(taken + 1, ?4 + 1), 1),
                         window = excluded.window
                     RETURNING taken",
                )?
                .query_row(params![by, action, window, limit], |row| row.get(0))?;
            if taken == 1 {
                // Addresses come and go: those of earlier minutes would stay for ever.
                db.prepare_cached("DELETE FROM allowance WHERE window < ?1")?.execute([window - KEPT])?;
            }
            Ok(taken <= limit)
        })
        .await
    }
}
