//! Scores and their change stream in SQLite.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::run_id;
use crate::platform::sqlite::rows;
use crate::platform::{Database, StoreError};
use crate::scores::{Recorded, RunId, Score, ScoreEvent, ScoreStore, ScoreStream};

#[async_trait]
impl ScoreStore for Database {
    async fn record(&self, score: &Score, nickname: Option<&str>) -> Result<Recorded, StoreError> {
        let (score, nickname) = (score.clone(), nickname.map(str::to_owned));
        self.write("storing a score", move |db| {
            if let Some(stored) = find(db, &score.run)? {
                let same = stored.player == score.player && stored.recording == score.recording;
                return Ok(if same { Recorded::Same(stored) } else { Recorded::Other });
            }
            // All three in one transaction: killed between two of them, a score would never be counted, or never be
            // on the board.
            insert(db, &score)?;
            raise_best(db, &score, nickname.as_deref())?;
            append_event(db, &score)?;
            Ok(Recorded::New)
        })
        .await
    }

    async fn stored(&self, run: &RunId) -> Result<Option<Score>, StoreError> {
        let run = run.clone();
        self.read("reading a score", move |db| find(db, &run)).await
    }
}

#[async_trait]
impl ScoreStream for Database {
    async fn pending(&self, limit: usize) -> Result<Vec<ScoreEvent>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read("reading the score stream", move |db| {
            let mut query = db.prepare_cached("SELECT run, points FROM score_event ORDER BY seq LIMIT ?1")?;
            query.query_map([limit], to_event)?.collect()
        })
        .await
    }

    async fn acknowledge(&self, events: &[RunId]) -> Result<(), StoreError> {
        let events = events.to_vec();
        self.write_without_waiting("acknowledging score events", move |db| {
            let mut delete = db.prepare_cached("DELETE FROM score_event WHERE run = ?1")?;
            events.iter().try_for_each(|run| delete.execute([run.as_str()]).map(drop))
        })
        .await
    }
}

fn find(db: &Connection, run: &RunId) -> rusqlite::Result<Option<Score>> {
    db.prepare_cached("SELECT * FROM score WHERE run = ?1")?.query_row([run.as_str()], to_score).optional()
}

fn insert(db: &Transaction<'_>, score: &Score) -> rusqlite::Result<()> {
    let (run, player, at) = (score.run.as_str(), score.player.as_str(), score.at.as_millisecond());
    db.prepare_cached("INSERT INTO score (run, player, points, at, recording) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![run, player, score.points, at, score.recording])?;
    Ok(())
}

/// An equal score leaves the place to the one that was reached first.
fn raise_best(db: &Transaction<'_>, score: &Score, nickname: Option<&str>) -> rusqlite::Result<()> {
    let (run, player, at) = (score.run.as_str(), score.player.as_str(), score.at.as_millisecond());
    db.prepare_cached(
        "INSERT INTO best (player, nickname, points, reached_at, run) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (player) DO UPDATE SET
             nickname   = excluded.nickname,
             reached_at = iif(excluded.points > points, excluded.reached_at, reached_at),
             run        = iif(excluded.points > points, excluded.run, run),
             points     = max(excluded.points, points)",
    )?
    .execute(params![player, nickname, score.points, at, run])?;
    Ok(())
}

fn append_event(db: &Transaction<'_>, score: &Score) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO score_event (run, points) VALUES (?1, ?2)")?
        .execute(params![score.run.as_str(), score.points])?;
    Ok(())
}

fn to_score(row: &Row<'_>) -> rusqlite::Result<Score> {
    Ok(Score {
        run: run_id(row, "run")?,
        player: rows::player(row, "player")?,
        points: row.get("points")?,
        at: rows::time(row, "at")?,
        recording: row.get("recording")?,
    })
}

fn to_event(row: &Row<'_>) -> rusqlite::Result<ScoreEvent> {
    Ok(ScoreEvent { run: run_id(row, "run")?, points: row.get("points")? })
}
