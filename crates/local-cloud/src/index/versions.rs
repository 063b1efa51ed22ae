//! Buckets and versions: finding, adding, removing and walking them.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Index;
use super::records::{Json, StoredHeaders, Version};
use crate::checksum::StoredChecksum;
use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::names;

/// What must hold of the key at the moment a version is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Nothing.
    Always,
    /// `If-None-Match: *`: no object is there.
    Absent,
    /// `If-Match: *`: some object is there.
    Present,
    /// `If-Match: "etag"`: this object is there.
    Matches(String),
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("the condition does not hold")]
    PreconditionFailed,
    #[error("there is no such key")]
    NoSuchKey,
    #[error("there is no such bucket")]
    NoSuchBucket,
    #[error("the bucket holds versions")]
    BucketNotEmpty,
    #[error("there is no such upload")]
    NoSuchUpload,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        WriteError::Storage(error.into())
    }
}

/// A version to add.
#[derive(Debug)]
pub(crate) struct NewVersion {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) blob: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) checksum: Option<StoredChecksum>,
    pub(crate) headers: StoredHeaders,
}

/// Where a version went.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    pub(crate) id: String,
    pub(crate) modified: Millis,
}

/// What removing a version by its id took away.
#[derive(Debug)]
pub(crate) struct Removed {
    /// The bytes to discard; `None` for a delete marker.
    pub(crate) blob: Option<String>,
}

impl Index {
    /// Makes a bucket; `false` when it is there already.
    pub(crate) fn create_bucket(&self, name: &str) -> Result<bool, StorageError> {
        self.write(|db| {
            let added = db.execute(
                "INSERT OR IGNORE INTO bucket (name, created) VALUES (?1, ?2)",
                params![name, clock::now()],
            )?;
            Ok(added == 1)
        })
    }

    /// Removes an empty bucket; gives the blobs of its unfinished uploads.
    pub(crate) fn delete_bucket(&self, name: &str) -> Result<Vec<String>, WriteError> {
        self.write(|db| {
            if !bucket_exists(db, name)? {
                return Err(WriteError::NoSuchBucket);
            }
            if db.prepare_cached("SELECT 1 FROM version WHERE bucket = ?1")?.exists([name])? {
                return Err(WriteError::BucketNotEmpty);
            }
            let blobs = db
                .prepare("SELECT blob FROM part WHERE upload IN (SELECT id FROM upload WHERE bucket = ?1)")?
                .query_map([name], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            db.execute("DELETE FROM upload WHERE bucket = ?1", [name])?;
            db.execute("DELETE FROM bucket WHERE name = ?1", [name])?;
            Ok(blobs)
        })
    }

    /// All buckets with the time they were made.
    pub(crate) fn buckets(&self) -> Result<Vec<(String, Millis)>, StorageError> {
        self.read(|db| {
            db.prepare_cached("SELECT name, created FROM bucket ORDER BY name")?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
    }

    /// Whether a bucket is there.
    pub(crate) fn has_bucket(&self, name: &str) -> Result<bool, StorageError> {
        self.read(|db| bucket_exists(db, name))
    }

    /// The newest version of a key, which may be a delete marker.
    pub(crate) fn latest(&self, bucket: &str, key: &str) -> Result<Option<Version>, StorageError> {
        self.read(|db| latest(db, bucket, key))
    }

    /// One version of a key.
    pub(crate) fn version(&self, bucket: &str, key: &str, id: &str) -> Result<Option<Version>, StorageError> {
        let sql =
            format!("SELECT {} FROM version WHERE bucket = ?1 AND key = ?2 AND id = ?3", Version::COLUMNS);
        self.read(|db| {
            db.prepare_cached(&sql)?.query_row(params![bucket, key, id], Version::from_row).optional()
        })
    }

    /// Adds a version where `condition` holds. Of several that race, one at a time is here.
    pub(crate) fn add_version(&self, new: &NewVersion, condition: &Condition) -> Result<Added, WriteError> {
        self.write(|db| add_version(db, new, condition))
    }

    /// Replaces the tags of a version.
    pub(crate) fn set_tags(
        &self,
        bucket: &str,
        key: &str,
        id: &str,
        tags: BTreeMap<String, String>,
    ) -> Result<(), WriteError> {
        self.write(|db| {
            let headers: Option<Json<StoredHeaders>> = db
                .prepare_cached("SELECT headers FROM version WHERE bucket = ?1 AND key = ?2 AND id = ?3")?
                .query_row(params![bucket, key, id], |row| row.get(0))
                .optional()?;
            let headers = StoredHeaders { tags, ..headers.ok_or(WriteError::NoSuchKey)?.0 };
            db.execute(
                "UPDATE version SET headers = ?4 WHERE bucket = ?1 AND key = ?2 AND id = ?3",
                params![bucket, key, id, Json(&headers)],
            )?;
            Ok(())
        })
    }

    /// Puts a delete marker over a key where `condition` holds, and gives the marker's version id.
    pub(crate) fn add_delete_marker(
        &self,
        bucket: &str,
        key: &str,
        condition: &Condition,
    ) -> Result<String, WriteError> {
        self.write(|db| {
            check_delete(db, bucket, key, condition)?;
            let marker = Row {
                bucket,
                key,
                blob: None,
                size: 0,
                etag: "",
                checksum: None,
                headers: &StoredHeaders::default(),
            };
            Ok(insert_latest(db, &marker)?.id)
        })
    }

    /// Removes one version for good; the one before it becomes the latest.
    pub(crate) fn remove_version(
        &self,
        bucket: &str,
        key: &str,
        id: &str,
        condition: &Condition,
    ) -> Result<Option<Removed>, WriteError> {
        self.write(|db| {
            check_delete(db, bucket, key, condition)?;
            let removed = db
                .query_row(
                    "DELETE FROM version WHERE bucket = ?1 AND key = ?2 AND id = ?3 RETURNING blob",
                    params![bucket, key, id],
                    |row| Ok(Removed { blob: row.get(0)? }),
                )
                .optional()?;
            db.execute(
                "UPDATE version SET latest = 1 WHERE seq =
                 (SELECT max(seq) FROM version WHERE bucket = ?1 AND key = ?2)",
                params![bucket, key],
            )?;
            Ok(removed)
        })
    }

    /// Up to `limit` current objects with `from <= key < before`, in order of keys.
    pub(crate) fn walk_objects(
        &self,
        bucket: &str,
        from: &str,
        before: &str,
        limit: i64,
    ) -> Result<Vec<Version>, StorageError> {
        let sql = format!(
            "SELECT {} FROM version WHERE bucket = ?1 AND key >= ?2 AND key < ?3
             AND latest = 1 AND blob IS NOT NULL ORDER BY key LIMIT ?4",
            Version::COLUMNS
        );
        self.read(|db| {
            db.prepare_cached(&sql)?
                .query_map(params![bucket, from, before, limit], Version::from_row)?
                .collect()
        })
    }

    /// Up to `limit` versions and delete markers with `from <= key < before`, in order of keys and
    /// the newest first; of the key `from` itself only those older than `older_than`.
    pub(crate) fn walk_versions(
        &self,
        bucket: &str,
        (from, older_than): (&str, Option<i64>),
        before: &str,
        limit: i64,
    ) -> Result<Vec<Version>, StorageError> {
        let sql = format!(
            "SELECT {} FROM version WHERE bucket = ?1 AND key >= ?2 AND key < ?3
             AND NOT (key = ?2 AND seq >= ?4) ORDER BY key, seq DESC LIMIT ?5",
            Version::COLUMNS
        );
        let older_than = older_than.unwrap_or(i64::MAX);
        self.read(|db| {
            db.prepare_cached(&sql)?
                .query_map(params![bucket, from, before, older_than, limit], Version::from_row)?
                .collect()
        })
    }
}

/// Adds a version inside a transaction that may do more (completing an upload does).
pub(super) fn add_version(
    db: &Transaction,
    new: &NewVersion,
    condition: &Condition,
) -> Result<Added, WriteError> {
    if !bucket_exists(db, &new.bucket)? {
        return Err(WriteError::NoSuchBucket);
    }
    check(db, new, condition)?;
    let row = Row {
        bucket: &new.bucket,
        key: &new.key,
        blob: Some(&new.blob),
        size: new.size,
        etag: &new.etag,
        checksum: new.checksum.as_ref(),
        headers: &new.headers,
    };
    Ok(insert_latest(db, &row)?)
}

fn check(db: &Connection, new: &NewVersion, condition: &Condition) -> Result<(), WriteError> {
    if *condition == Condition::Always {
        return Ok(());
    }
    let there = latest(db, &new.bucket, &new.key)?.filter(|version| version.blob.is_some());
    match (condition, there) {
        (Condition::Always, _) | (Condition::Absent, None) | (Condition::Present, Some(_)) => Ok(()),
        (Condition::Matches(etag), Some(version)) if version.etag == *etag => Ok(()),
        (Condition::Present | Condition::Matches(_), None) => Err(WriteError::NoSuchKey),
        (Condition::Absent | Condition::Matches(_), Some(_)) => Err(WriteError::PreconditionFailed),
    }
}

/// The condition of a delete is about the object that is there now, whatever version goes.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html>
fn check_delete(db: &Connection, bucket: &str, key: &str, condition: &Condition) -> Result<(), WriteError> {
    let etag = match condition {
        Condition::Always => return Ok(()),
        Condition::Matches(etag) => Some(etag),
        Condition::Present | Condition::Absent => None,
    };
    let there = latest(db, bucket, key)?.ok_or(WriteError::NoSuchKey)?;
    match there.blob.is_some() && etag.is_none_or(|etag| *etag == there.etag) {
        true => Ok(()),
        false => Err(WriteError::PreconditionFailed),
    }
}

struct Row<'a> {
    bucket: &'a str,
    key: &'a str,
    blob: Option<&'a str>,
    size: u64,
    etag: &'a str,
    checksum: Option<&'a StoredChecksum>,
    headers: &'a StoredHeaders,
}

fn insert_latest(db: &Connection, row: &Row) -> rusqlite::Result<Added> {
    let added = Added { id: names::version_id(), modified: clock::now() };
    db.prepare_cached("UPDATE version SET latest = 0 WHERE bucket = ?1 AND key = ?2 AND latest = 1")?
        .execute(params![row.bucket, row.key])?;
    db.prepare_cached(
        "INSERT INTO version
         (bucket, key, id, latest, blob, size, etag, modified, checksum, headers)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.bucket,
        row.key,
        added.id,
        row.blob,
        row.size.cast_signed(),
        row.etag,
        added.modified,
        row.checksum.map(Json),
        Json(row.headers),
    ])?;
    Ok(added)
}

fn latest(db: &Connection, bucket: &str, key: &str) -> rusqlite::Result<Option<Version>> {
    let sql =
        format!("SELECT {} FROM version WHERE bucket = ?1 AND key = ?2 AND latest = 1", Version::COLUMNS);
    db.prepare_cached(&sql)?.query_row(params![bucket, key], Version::from_row).optional()
}

fn bucket_exists(db: &Connection, name: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM bucket WHERE name = ?1")?.exists([name])
}
