//! Datasets in SQLite.

use std::collections::BTreeMap;

use async_trait::async_trait;
use naru_protocol::DatasetSummary;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{Commit, Dataset, DatasetName, DatasetRecord, DatasetStore, Deletion, MAX_DATASETS, Revision};
use crate::platform::sqlite::rows;
use crate::platform::{Database, PlayerId, StoreError};

#[async_trait]
impl DatasetStore for Database {
    async fn list(&self, player: &PlayerId) -> Result<Vec<DatasetSummary>, StoreError> {
        let player = player.clone();
        self.read("listing datasets", move |db| {
            let mut query = db.prepare_cached("SELECT * FROM dataset WHERE player = ?1 ORDER BY name")?;
            query.query_map([player.as_str()], to_summary)?.collect()
        })
        .await
    }

    async fn load(&self, player: &PlayerId, name: &DatasetName) -> Result<Dataset, StoreError> {
        let (player, name) = (player.clone(), name.clone());
        self.read("reading a dataset", move |db| {
            // One transaction, or a change between the two queries would tear the answer.
            let db = db.unchecked_transaction()?;
            match head(&db, &player, &name)? {
                None => Ok(Dataset::absent(floor(&db, &player)?)),
                Some((sync_count, forgotten)) => {
                    let records = records(&db, &player, &name)?;
                    Ok(Dataset { exists: true, sync_count, forgotten, records })
                }
            }
        })
        .await
    }

    async fn commit(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        revision: &Revision,
    ) -> Result<Commit, StoreError> {
        let (player, name, revision) = (player.clone(), name.clone(), revision.clone());
        self.write("changing a dataset", move |db| {
            // In the transaction that writes: of two revisions at once, the second finds what the first has left.
            if !is_at(db, &player, &name, &revision)? {
                return Ok(Commit::Stale);
            }
            if !revision.existed && count(db, &player)? >= MAX_DATASETS {
                return Ok(Commit::TooMany);
            }
            write_head(db, &player, &name, &revision)?;
            write_records(db, &player, &name, &revision)?;
            Ok(Commit::Done)
        })
        .await
    }

    async fn delete(&self, player: &PlayerId, name: &DatasetName) -> Result<Deletion, StoreError> {
        let (player, name) = (player.clone(), name.clone());
        self.write("deleting a dataset", move |db| {
            let Some((sync_count, _)) = head(db, &player, &name)? else { return Ok(Deletion::Absent) };
            db.prepare_cached("DELETE FROM dataset WHERE player = ?1 AND name = ?2")?
                .execute([player.as_str(), name.as_str()])?;
            // A dataset that is made anew under this name must not count from 1: a machine that was off meanwhile
            // would take its records for those that it knows.
            let floor = floor(db, &player)?.max(sync_count + 1);
            db.prepare_cached("INSERT OR REPLACE INTO dataset_floor (player, sync_count) VALUES (?1, ?2)")?
                .execute(params![player.as_str(), floor])?;
            Ok(Deletion::Deleted)
        })
        .await
    }
}

/// The sync count, and up to which one removals are forgotten.
fn head(db: &Connection, player: &PlayerId, name: &DatasetName) -> rusqlite::Result<Option<(u64, u64)>> {
    db.prepare_cached("SELECT sync_count, forgotten FROM dataset WHERE player = ?1 AND name = ?2")?
        .query_row([player.as_str(), name.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

fn floor(db: &Connection, player: &PlayerId) -> rusqlite::Result<u64> {
    let floor = db
        .prepare_cached("SELECT sync_count FROM dataset_floor WHERE player = ?1")?
        .query_row([player.as_str()], |row| row.get(0))
        .optional()?;
    Ok(floor.unwrap_or(0))
}

fn count(db: &Connection, player: &PlayerId) -> rusqlite::Result<usize> {
    db.prepare_cached("SELECT count(*) FROM dataset WHERE player = ?1")?
        .query_row([player.as_str()], |row| row.get(0))
}

fn is_at(
    db: &Connection,
    player: &PlayerId,
    name: &DatasetName,
    revision: &Revision,
) -> rusqlite::Result<bool> {
    Ok(match head(db, player, name)? {
        Some((sync_count, _)) => revision.existed && sync_count == revision.expected,
        None => !revision.existed && floor(db, player)? == revision.expected,
    })
}

fn write_head(
    db: &Transaction<'_>,
    player: &PlayerId,
    name: &DatasetName,
    revision: &Revision,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO dataset (player, name, sync_count, forgotten, records, bytes, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (player, name) DO UPDATE SET
             sync_count = excluded.sync_count, forgotten = excluded.forgotten,
             records = excluded.records, bytes = excluded.bytes, modified_at = excluded.modified_at",
    )?
    .execute(params![
        player.as_str(),
        name.as_str(),
        revision.sync_count,
        revision.forgotten,
        revision.records,
        revision.bytes,
        revision.at.as_millisecond()
    ])?;
    Ok(())
}

fn write_records(
    db: &Transaction<'_>,
    player: &PlayerId,
    name: &DatasetName,
    revision: &Revision,
) -> rusqlite::Result<()> {
    let (player, name) = (player.as_str(), name.as_str());
    let mut write = db.prepare_cached(
        "INSERT OR REPLACE INTO record (player, dataset, key, value, sync_count, modified_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (key, record) in &revision.written {
        let modified = record.modified_at.as_millisecond();
        write.execute(params![player, name, key, record.value, record.sync_count, modified])?;
    }
    let mut forget =
        db.prepare_cached("DELETE FROM record WHERE player = ?1 AND dataset = ?2 AND key = ?3")?;
    revision.dropped.iter().try_for_each(|key| forget.execute([player, name, key]).map(drop))
}

fn records(
    db: &Connection,
    player: &PlayerId,
    name: &DatasetName,
) -> rusqlite::Result<BTreeMap<String, DatasetRecord>> {
    db.prepare_cached("SELECT * FROM record WHERE player = ?1 AND dataset = ?2")?
        .query_map([player.as_str(), name.as_str()], to_record)?
        .collect()
}

fn to_record(row: &Row<'_>) -> rusqlite::Result<(String, DatasetRecord)> {
    let record = DatasetRecord {
        value: row.get("value")?,
        sync_count: row.get("sync_count")?,
        modified_at: rows::time(row, "modified_at")?,
    };
    Ok((row.get("key")?, record))
}

fn to_summary(row: &Row<'_>) -> rusqlite::Result<DatasetSummary> {
    Ok(DatasetSummary {
        name: row.get("name")?,
        sync_count: row.get("sync_count")?,
        records: row.get("records")?,
        bytes: row.get("bytes")?,
        modified_at: rows::time(row, "modified_at")?,
    })
}
