//! The ledger: the local database of what is installed (`<install>/.naru/filedb.db`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use naru_protocol::{Channel, Digest, RelPath};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::OwnFolder;
use crate::UpdateError;
use crate::disk::{FileStat, Seen};
use crate::release::Documents;

const FORMAT: i64 = 2;

/// What the ledger says of an install folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The installed release; `None` where nothing is installed.
    pub installed: Option<u64>,
    /// The channel that it came from, which the next update follows.
    pub channel: Option<Channel>,
    /// Its notes.
    pub notes: String,
    /// How many files it has.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Whether an update was interrupted while it was being put in place; the next command finishes it.
    pub interrupted: bool,
    /// Bytes of an interrupted download that the next update will not fetch again.
    pub staged_bytes: u64,
    /// Whether the 2017 publisher made the release.
    pub made_by_2017: bool,
}

/// The installed release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Installed {
    /// The channel that it came from: numbers of two channels can't be compared.
    pub(crate) channel: Channel,
    /// Orders before `number`.
    pub(crate) epoch: u64,
    pub(crate) number: u64,
    pub(crate) notes: String,
    pub(crate) made_by_2017: bool,
    /// Digest of the manifest, which is kept so that verifying needs no server.
    pub(crate) manifest: Digest,
}

/// An installed file, as it was when it was put in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
    /// BLAKE3 of the release's bytes.
    pub(crate) digest: Digest,
    pub(crate) executable: bool,
    /// The player's own bytes stay at this path.
    pub(crate) kept: bool,
}

/// One row to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RowUpdate {
    pub(crate) path: RelPath,
    pub(crate) digest: Digest,
    pub(crate) executable: bool,
    pub(crate) kept: bool,
    /// The state that was verified; a row without it proves nothing. It is not the state when the row is
    /// written, because the player may have changed the file in between.
    pub(crate) seen: Option<Seen>,
}

impl RowUpdate {
    fn row(&self) -> Row {
        Row {
            size: self.seen.map_or(0, |seen| seen.size),
            modified_ns: self.seen.map_or(i64::MIN, |seen| seen.modified_ns),
            digest: self.digest,
            executable: self.executable,
            kept: self.kept,
        }
    }
}

impl Row {
    /// Whether a file that looks like this has the recorded bytes.
    pub(crate) fn vouches_for(&self, stat: &FileStat) -> bool {
        !self.kept && self.size == stat.size && self.modified_ns == stat.modified_ns
    }
}

/// The ledger in memory. SQLite never opens its file: it would follow links, replay a journal that
/// lies beside it, need locks that network file systems refuse, and fail on paths of 512 bytes.
pub(crate) struct Ledger {
    database: Connection,
    path: PathBuf,
}

impl Ledger {
    /// Reads the ledger; `None` where there is none.
    pub(crate) fn read(own: &OwnFolder) -> Result<Option<Self>, UpdateError> {
        own.read_ledger()?.map(|bytes| Self::of_bytes(own, &bytes)).transpose()
    }

    /// Reads the ledger, or begins an empty one.
    pub(crate) fn read_or_new(own: &OwnFolder) -> Result<Self, UpdateError> {
        match Self::read(own)? {
            Some(ledger) => Ok(ledger),
            None => Self::new(own),
        }
    }

    /// An empty ledger.
    pub(crate) fn new(own: &OwnFolder) -> Result<Self, UpdateError> {
        Self::of_bytes(own, &[])
    }

    fn of_bytes(own: &OwnFolder, bytes: &[u8]) -> Result<Self, UpdateError> {
        let path = own.ledger();
        let wrap = failed(&path);
        let database = database_of(bytes).map_err(&wrap)?;
        let format = database.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(&wrap)?;
        if format > FORMAT {
            return Err(UpdateError::NewerLedger { path, format });
        }
        check_schema(&database).map_err(&wrap)?;
        prepare(&database, format).map_err(&wrap)?;
        Ok(Self { database, path })
    }

    /// The bytes of the ledger's file.
    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, UpdateError> {
        let bytes = self.database.serialize(rusqlite::MAIN_DB).map_err(failed(&self.path))?;
        Ok(bytes.to_vec())
    }

    pub(crate) fn installed(&self) -> Result<Option<Installed>, UpdateError> {
        let query = "SELECT number, notes, made_by_2017, manifest_digest, channel, epoch FROM release";
        let row = self.database.query_row(query, [], |row| {
            Ok(Installed {
                number: row.get::<_, i64>(0)? as u64,
                notes: row.get(1)?,
                made_by_2017: row.get(2)?,
                manifest: digest_column(row, 3)?,
                channel: channel_column(row, 4)?,
                epoch: row.get::<_, i64>(5)? as u64,
            })
        });
        row.optional().map_err(failed(&self.path))
    }

    pub(crate) fn documents(&self) -> Result<Option<Documents>, UpdateError> {
        let row = self.database.query_row("SELECT manifest, locations FROM release", [], |row| {
            Ok(Documents { manifest: row.get(0)?, locations: row.get(1)? })
        });
        row.optional().map_err(failed(&self.path))
    }

    pub(crate) fn rows(&self) -> Result<HashMap<RelPath, Row>, UpdateError> {
        let read = || -> rusqlite::Result<HashMap<RelPath, Row>> {
            let mut query = self
                .database
                .prepare("SELECT path, size, modified_ns, digest, executable, kept FROM file")?;
            let mut rows = HashMap::new();
            let mut cursor = query.query([])?;
            while let Some(row) = cursor.next()? {
                // A path that does not parse was not written by us: it is not ours to touch.
                let Ok(path) = RelPath::parse(row.get_ref(0)?.as_str()?) else {
                    continue;
                };
                rows.insert(path, row_of(row)?);
            }
            Ok(rows)
        };
        read().map_err(failed(&self.path))
    }

    /// Files and bytes.
    pub(crate) fn totals(&self) -> Result<(u64, u64), UpdateError> {
        let query = "SELECT count(*), coalesce(sum(size), 0) FROM file";
        let row =
            self.database.query_row(query, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)));
        row.map(|(files, bytes)| (files as u64, bytes as u64)).map_err(failed(&self.path))
    }

    /// Records a finished commit, all or nothing.
    pub(crate) fn record<'a>(
        &mut self,
        installed: &Installed,
        documents: &Documents,
        rows: impl Iterator<Item = &'a RowUpdate>,
        gone: impl Iterator<Item = &'a RelPath>,
    ) -> Result<(), UpdateError> {
        let path = self.path.clone();
        let write = || -> rusqlite::Result<()> {
            let transaction = self.database.transaction()?;
            write_release(&transaction, installed, documents)?;
            write_rows(&transaction, rows, gone)?;
            transaction.commit()
        };
        write().map_err(failed(&path))
    }
}

fn failed(path: &Path) -> impl Fn(rusqlite::Error) -> UpdateError + use<> {
    let path = path.to_path_buf();
    move |source| match is_damage(&source) {
        true => UpdateError::BrokenLedger { path: path.clone(), problem: source.to_string() },
        false => UpdateError::Ledger { path: path.clone(), source },
    }
}

/// Whether the file itself is the fault, so that trying again is no use.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DatabaseCorrupt, NotADatabase, Unknown};
    match error {
        // Unknown is SQLITE_ERROR: a table or a column is not there. CannotOpen: its bytes ask for a
        // second file (WAL).
        rusqlite::Error::SqliteFailure(error, _) => {
            matches!(error.code, DatabaseCorrupt | NotADatabase | CannotOpen | Unknown)
        }
        rusqlite::Error::SqlInputError { .. }
        | rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::InvalidQuery
        | rusqlite::Error::Utf8Error(..) => true,
        _ => false,
    }
}

/// A database in memory with these bytes; an empty one for none.
fn database_of(bytes: &[u8]) -> rusqlite::Result<Connection> {
    let mut database = Connection::open_in_memory()?;
    if !bytes.is_empty() {
        database.deserialize_read_exact(rusqlite::MAIN_DB, bytes, bytes.len(), false)?;
    }
    database.pragma_update(None, "journal_mode", "MEMORY")?;
    Ok(database)
}

/// A ledger from elsewhere may contain a hostile schema, which must not run code.
fn check_schema(database: &Connection) -> rusqlite::Result<()> {
    database.pragma_update(None, "trusted_schema", false)?;
    let query = "SELECT count(*) FROM sqlite_schema WHERE type IN ('view', 'trigger')";
    match database.query_row(query, [], |row| row.get::<_, i64>(0))? {
        0 => Ok(()),
        _ => Err(rusqlite::Error::InvalidQuery),
    }
}

fn prepare(database: &Connection, format: i64) -> rusqlite::Result<()> {
    if format == FORMAT {
        return Ok(());
    }
    if format == 1 {
        return database.execute_batch(
            "BEGIN;
             ALTER TABLE release ADD COLUMN channel TEXT NOT NULL DEFAULT 'live';
             ALTER TABLE release ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
             PRAGMA user_version = 2;
             COMMIT;",
        );
    }
    database.execute_batch(
        "BEGIN;
         CREATE TABLE IF NOT EXISTS release (
            one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, notes TEXT NOT NULL,
            made_by_2017 INTEGER NOT NULL, manifest_digest BLOB NOT NULL,
            manifest BLOB NOT NULL, locations BLOB NOT NULL,
            channel TEXT NOT NULL, epoch INTEGER NOT NULL);
         CREATE TABLE IF NOT EXISTS file (
            path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL,
            digest BLOB NOT NULL, executable INTEGER NOT NULL, kept INTEGER NOT NULL) WITHOUT ROWID;
         PRAGMA user_version = 2;
         COMMIT;",
    )
}

fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        size: row.get::<_, i64>(1)? as u64,
        modified_ns: row.get(2)?,
        digest: digest_column(row, 3)?,
        executable: row.get(4)?,
        kept: row.get(5)?,
    })
}

fn digest_column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Digest> {
    Ok(Digest::from_bytes(row.get::<_, [u8; 32]>(column)?))
}

fn channel_column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Channel> {
    let invalid = |error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    };
    row.get::<_, String>(column)?.parse().map_err(invalid)
}

fn write_release(
    database: &Connection,
    installed: &Installed,
    documents: &Documents,
) -> rusqlite::Result<()> {
    database.execute(
        "INSERT OR REPLACE INTO release VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            installed.number as i64,
            installed.notes,
            installed.made_by_2017,
            installed.manifest.as_bytes(),
            documents.manifest,
            documents.locations,
            installed.channel.to_string(),
            installed.epoch as i64,
        ],
    )?;
    Ok(())
}

fn write_rows<'a>(
    database: &Connection,
    rows: impl Iterator<Item = &'a RowUpdate>,
    gone: impl Iterator<Item = &'a RelPath>,
) -> rusqlite::Result<()> {
    let mut remove = database.prepare("DELETE FROM file WHERE path = ?1")?;
    for path in gone {
        remove.execute([path.as_str()])?;
    }
    let mut insert = database.prepare("INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for update in rows {
        let row = update.row();
        insert.execute(params![
            update.path.as_str(),
            row.size as i64,
            row.modified_ns,
            row.digest.as_bytes(),
            row.executable,
            row.kept,
        ])?;
    }
    Ok(())
}
