//! The board in SQLite.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};

use super::run_id;
use crate::platform::sqlite::rows;
use crate::platform::{Database, PlayerId, StoreError};
use crate::player_data::NamesOnBoard;
use crate::scores::{Best, BoardKey, ScoreBoard};

#[async_trait]
impl ScoreBoard for Database {
    async fn page(&self, after: Option<&BoardKey>, limit: usize) -> Result<Vec<Best>, StoreError> {
        let (after, limit) = (after.cloned(), i64::try_from(limit).unwrap_or(i64::MAX));
        self.read("reading the board", move |db| match after {
            None => {
                let mut query =
                    db.prepare_cached("SELECT * FROM best ORDER BY points DESC, reached_at, run LIMIT ?1")?;
                query.query_map([limit], to_best)?.collect()
            }
            Some(place) => {
                // The first condition lets the index find the place; the second is exact.
                let mut query = db.prepare_cached(
                    "SELECT * FROM best WHERE points <= ?1 AND (-points, reached_at, run) > (-?1, ?2, ?3)
                     ORDER BY points DESC, reached_at, run LIMIT ?4",
                )?;
                let (points, at, run) = columns(&place);
                query.query_map(params![points, at, run, limit], to_best)?.collect()
            }
        })
        .await
    }

    async fn count_before(&self, place: &BoardKey) -> Result<u64, StoreError> {
        let place = place.clone();
        self.read("counting the places of the board", move |db| {
            let mut query = db.prepare_cached(
                "SELECT (SELECT count(*) FROM best WHERE points > ?1)
                      + (SELECT count(*) FROM best WHERE points = ?1 AND (reached_at, run) < (?2, ?3))",
            )?;
            query.query_row(columns(&place), |row| row.get(0))
        })
        .await
    }

    async fn best_of(&self, player: &PlayerId) -> Result<Option<Best>, StoreError> {
        let player = player.clone();
        self.read("reading a best score", move |db| {
            let mut query = db.prepare_cached("SELECT * FROM best WHERE player = ?1")?;
            query.query_row([player.as_str()], to_best).optional()
        })
        .await
    }
}

#[async_trait]
impl NamesOnBoard for Database {
    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError> {
        let (player, nickname) = (player.clone(), nickname.map(str::to_owned));
        self.write("renaming a player", move |db| {
            db.prepare_cached("UPDATE best SET nickname = ?2 WHERE player = ?1")?
                .execute(params![player.as_str(), nickname])?;
            Ok(())
        })
        .await
    }
}

fn columns(place: &BoardKey) -> (u32, i64, &str) {
    (place.points, place.reached_at.as_millisecond(), place.run.as_str())
}

fn to_best(row: &Row<'_>) -> rusqlite::Result<Best> {
    let key = BoardKey {
        points: row.get("points")?,
        reached_at: rows::time(row, "reached_at")?,
        run: run_id(row, "run")?,
    };
    Ok(Best { player: rows::player(row, "player")?, nickname: row.get("nickname")?, key, counted: None })
}
