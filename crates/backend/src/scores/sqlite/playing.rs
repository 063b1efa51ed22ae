//! What time of the players their runs have taken, in SQLite.

use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

use crate::platform::{Database, PlayerId, StoreError};
use crate::scores::{Playing, PlayingStore};

const READING: &str = "reading a player's runs";
const TAKING: &str = "taking a player's time";

#[async_trait]
impl PlayingStore for Database {
    async fn load(&self, player: &PlayerId) -> Result<(Playing, u64), StoreError> {
        let player = player.clone();
        let stored: Option<(String, u64)> = self
            .read(READING, move |db| {
                let mut query = db.prepare_cached("SELECT runs, version FROM playing WHERE player = ?1")?;
                query.query_row([player.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .await?;
        let Some((runs, version)) = stored else { return Ok((Playing::default(), 0)) };
        let playing = serde_json::from_str(&runs).map_err(|error| StoreError::new(READING, error))?;
        Ok((playing, version))
    }

    async fn commit(&self, player: &PlayerId, before: u64, playing: &Playing) -> Result<bool, StoreError> {
        let player = player.clone();
        let runs = serde_json::to_string(playing).map_err(|error| StoreError::new(TAKING, error))?;
        self.write(TAKING, move |db| {
            let changed = db
                .prepare_cached(
                    "INSERT INTO playing (player, runs, version) SELECT ?1, ?2, 1
                     WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM playing WHERE player = ?1)
                     ON CONFLICT (player) DO UPDATE SET runs = excluded.runs, version = ?3 + 1
                         WHERE version = ?3",
                )?
                .execute(params![player.as_str(), runs, before])?;
            Ok(changed == 1)
        })
        .await
    }
}
