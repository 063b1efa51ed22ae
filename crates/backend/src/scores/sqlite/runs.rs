//! Runs in SQLite.

use async_trait::async_trait;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

use super::run_id;
use crate::platform::sqlite::rows;
use crate::platform::{Database, StoreError};
use crate::scores::{Run, RunId, RunStore};

#[async_trait]
impl RunStore for Database {
    async fn issue(&self, run: &Run, outlived: Timestamp) -> Result<(), StoreError> {
        let run = run.clone();
        self.write("issuing a run", move |db| {
            db.prepare_cached("DELETE FROM run WHERE issued_at < ?1")?
                .execute([outlived.as_millisecond()])?;
            db.prepare_cached(
                "INSERT INTO run (id, player, seed, rules_version, issued_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                run.id.as_str(),
                run.player.as_str(),
                run.seed,
                run.rules_version,
                run.issued_at.as_millisecond()
            ])?;
            Ok(())
        })
        .await
    }

    async fn find(&self, id: &RunId) -> Result<Option<Run>, StoreError> {
        let id = id.clone();
        self.read("reading a run", move |db| {
            let mut query = db.prepare_cached("SELECT * FROM run WHERE id = ?1")?;
            query.query_row([id.as_str()], to_run).optional()
        })
        .await
    }
}

fn to_run(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: run_id(row, "id")?,
        player: rows::player(row, "player")?,
        seed: row.get("seed")?,
        rules_version: row.get("rules_version")?,
        issued_at: rows::time(row, "issued_at")?,
    })
}
