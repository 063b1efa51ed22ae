//! The counts of all scores in SQLite.

use async_trait::async_trait;
use rusqlite::{Row, Transaction};

use super::{ScoreCount, StatisticsStore};
use crate::platform::{Database, StoreError};
use crate::scores::ScoreEvent;

#[async_trait]
impl StatisticsStore for Database {
    async fn apply(&self, events: &[ScoreEvent]) -> Result<(), StoreError> {
        let events = events.to_vec();
        // Without waiting for the disk: what a power cut undoes here, it also undoes of the acknowledgement, and
        // the events come again.
        let all = move |db: &Transaction<'_>| events.iter().try_for_each(|event| count(db, event));
        self.write_without_waiting("counting scores", all).await
    }

    async fn histogram(&self) -> Result<Vec<ScoreCount>, StoreError> {
        self.read("reading the statistics", |db| {
            let mut query = db.prepare_cached("SELECT points, count FROM score_count ORDER BY points")?;
            query.query_map([], to_count)?.collect()
        })
        .await
    }
}

/// Only the event whose id was not there before changes a count.
fn count(db: &Transaction<'_>, event: &ScoreEvent) -> rusqlite::Result<()> {
    let new = db
        .prepare_cached("INSERT OR IGNORE INTO counted_event (run) VALUES (?1)")?
        .execute([event.run.as_str()])?;
    if new == 1 {
        db.prepare_cached(
            "INSERT INTO score_count (points, count) VALUES (?1, 1)
             ON CONFLICT (points) DO UPDATE SET count = count + 1",
        )?
        .execute([event.points])?;
    }
    Ok(())
}

fn to_count(row: &Row<'_>) -> rusqlite::Result<ScoreCount> {
    Ok(ScoreCount { points: row.get("points")?, count: row.get("count")? })
}
