//! The people who have logged in here before.

use rusqlite::{OptionalExtension, params};

use crate::error::StorageError;
use crate::index::Index;

/// Ids look like Kakao's: ten digits.
const FIRST_ID: i64 = 4_000_000_001;

/// As many as the page offers to choose from.
const MOST_OFFERED: i64 = 20;

impl Index {
    /// The account of a nickname; the same one for ever.
    pub(super) fn kakao_account(&self, nickname: &str) -> Result<i64, StorageError> {
        self.write(|db| {
            db.execute(
                "INSERT OR IGNORE INTO kakao_account (id, nickname)
                 SELECT max(?1, coalesce(max(id) + 1, 0)), ?2 FROM kakao_account",
                params![FIRST_ID, nickname],
            )?;
            let id = "SELECT id FROM kakao_account WHERE nickname = ?1";
            Ok(db.query_row(id, [nickname], |row| row.get(0))?)
        })
    }

    pub(super) fn kakao_nickname(&self, account: i64) -> Result<Option<String>, StorageError> {
        self.read(|db| {
            db.query_row("SELECT nickname FROM kakao_account WHERE id = ?1", [account], |row| row.get(0))
                .optional()
        })
    }

    /// Who can be chosen, the newest first.
    pub(super) fn kakao_nicknames(&self) -> Result<Vec<String>, StorageError> {
        self.read(|db| {
            db.prepare("SELECT nickname FROM kakao_account ORDER BY id DESC LIMIT ?1")?
                .query_map([MOST_OFFERED], |row| row.get(0))?
                .collect()
        })
    }
}
