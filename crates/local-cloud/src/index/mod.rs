//! What exists: buckets, versions, uploads, identities, sessions and invalidations, in SQLite.
//!
//! WAL with `synchronous=NORMAL`: a commit is atomic and survives the process being killed; a
//! power cut may take the last commits, but never tears one. That saves an fsync on every put.

pub(crate) mod records;
pub(crate) mod uploads;
pub(crate) mod versions;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::StorageError;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS bucket (
    name    TEXT PRIMARY KEY,
    created INTEGER NOT NULL
) STRICT;

-- One row for each version and each delete marker (blob IS NULL), in order of `seq`.
CREATE TABLE IF NOT EXISTS version (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket   TEXT NOT NULL,
    key      TEXT NOT NULL,
    id       TEXT NOT NULL,
    latest   INTEGER NOT NULL,
    blob     TEXT,
    size     INTEGER NOT NULL,
    etag     TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksum TEXT,
    headers  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS version_by_id ON version (bucket, key, id);
CREATE INDEX IF NOT EXISTS version_by_key ON version (bucket, key, seq DESC);
CREATE UNIQUE INDEX IF NOT EXISTS version_latest ON version (bucket, key) WHERE latest = 1;

-- `completed` is the version an upload became: completing twice gives the same answer.
CREATE TABLE IF NOT EXISTS upload (
    id        TEXT PRIMARY KEY,
    bucket    TEXT NOT NULL,
    key       TEXT NOT NULL,
    initiated INTEGER NOT NULL,
    headers   TEXT NOT NULL,
    algorithm TEXT,
    composite INTEGER NOT NULL,
    completed TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS upload_by_key ON upload (bucket, key, id);

CREATE TABLE IF NOT EXISTS part (
    upload   TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    blob     TEXT NOT NULL,
    size     INTEGER NOT NULL,
    md5      TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksum TEXT,
    PRIMARY KEY (upload, number)
) STRICT;

CREATE TABLE IF NOT EXISTS identity (
    id       TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    user     TEXT NOT NULL,
    UNIQUE (provider, user)
) STRICT;

-- Earlier versions kept secrets in it.
DROP TABLE IF EXISTS session;
CREATE TABLE IF NOT EXISTS player_session (
    access_key TEXT PRIMARY KEY,
    identity   TEXT NOT NULL,
    expires    INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS kakao_account (
    id       INTEGER PRIMARY KEY,
    nickname TEXT NOT NULL UNIQUE
) STRICT;

-- A token is known by its SHA-256 alone.
CREATE TABLE IF NOT EXISTS kakao_token (
    digest  TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    app     INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES kakao_account (id),
    scope   TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

-- Of a password there is its hash, of a code the time from which it follows.
CREATE TABLE IF NOT EXISTS pool_user (
    sub           TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    salt          BLOB NOT NULL,
    password      BLOB NOT NULL,
    confirmed     INTEGER NOT NULL,
    code_sent     INTEGER NOT NULL,
    codes         INTEGER NOT NULL,
    codes_since   INTEGER NOT NULL,
    code_failures INTEGER NOT NULL,
    failures      INTEGER NOT NULL,
    failed        INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS pool_refresh_token (
    digest        TEXT PRIMARY KEY,
    sub           TEXT NOT NULL REFERENCES pool_user (sub),
    origin        TEXT NOT NULL,
    authenticated INTEGER NOT NULL,
    expires       INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS invalidation (
    id        TEXT PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    paths     TEXT NOT NULL,
    created   INTEGER NOT NULL
) STRICT;
";

/// The index. Reads do not wait for writes (WAL); writes go one at a time.
#[derive(Debug)]
pub(crate) struct Index {
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
}

impl Index {
    /// Opens or makes the index file.
    pub(crate) fn open(file: &Path) -> Result<Index, StorageError> {
        let writer = connect(file)?;
        writer.execute_batch(SCHEMA)?;
        Ok(Index { reader: Mutex::new(connect(file)?), writer: Mutex::new(writer) })
    }

    /// Runs a query.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StorageError> {
        Ok(query(&lock(&self.reader))?)
    }

    /// Runs a change in one transaction; an error from `change` undoes it.
    pub(crate) fn write<T, E: From<rusqlite::Error>>(
        &self,
        change: impl FnOnce(&Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = change(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// The names of all blobs that a version or a part needs.
    pub(crate) fn blobs(&self) -> Result<HashSet<String>, StorageError> {
        self.read(|db| {
            db.prepare("SELECT blob FROM version WHERE blob IS NOT NULL UNION ALL SELECT blob FROM part")?
                .query_map([], |row| row.get(0))?
                .collect()
        })
    }
}

fn connect(file: &Path) -> Result<Connection, StorageError> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// A panic while the lock was held cannot have left a transaction open: dropping one rolls back.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
