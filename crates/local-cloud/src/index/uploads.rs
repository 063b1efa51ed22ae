//! Multipart uploads and their parts.

use rusqlite::{Connection, OptionalExtension, params};

use super::Index;
use super::records::{Json, Part, Upload};
use super::versions::{Added, Condition, NewVersion, WriteError, add_version};
use crate::clock::{self, Millis};
use crate::error::StorageError;

/// How long a completed upload is remembered, so that a client whose answer was lost may ask again.
const REMEMBER_COMPLETED: Millis = 24 * 60 * 60 * 1000;

impl Index {
    /// Begins an upload.
    pub(crate) fn create_upload(&self, bucket: &str, upload: &Upload) -> Result<(), StorageError> {
        self.write(|db| {
            db.execute(
                "INSERT INTO upload (id, bucket, key, initiated, headers, algorithm, composite)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    upload.id,
                    bucket,
                    upload.key,
                    upload.initiated,
                    Json(&upload.headers),
                    upload.algorithm,
                    upload.composite,
                ],
            )?;
            Ok(())
        })
    }

    /// Finds an upload, also a completed one.
    pub(crate) fn upload(&self, bucket: &str, key: &str, id: &str) -> Result<Option<Upload>, StorageError> {
        let sql =
            format!("SELECT {} FROM upload WHERE bucket = ?1 AND key = ?2 AND id = ?3", Upload::COLUMNS);
        self.read(|db| {
            db.prepare_cached(&sql)?.query_row(params![bucket, key, id], Upload::from_row).optional()
        })
    }

    /// Up to `limit` open uploads after (`key`, `id`) whose keys begin with `prefix`.
    pub(crate) fn uploads(
        &self,
        bucket: &str,
        prefix: &str,
        (key, id): (&str, &str),
        limit: i64,
    ) -> Result<Vec<Upload>, StorageError> {
        let sql = format!(
            "SELECT {} FROM upload WHERE bucket = ?1 AND completed IS NULL
             AND substr(key, 1, length(?2)) = ?2 AND (key, id) > (?3, ?4)
             ORDER BY key, id LIMIT ?5",
            Upload::COLUMNS
        );
        self.read(|db| {
            db.prepare_cached(&sql)?
                .query_map(params![bucket, prefix, key, id, limit], Upload::from_row)?
                .collect()
        })
    }

    /// Adds or replaces a part; gives the blob that it replaced.
    pub(crate) fn put_part(&self, upload: &str, part: &Part) -> Result<Option<String>, WriteError> {
        self.write(|db| {
            if !is_open(db, upload)? {
                return Err(WriteError::NoSuchUpload);
            }
            let replaced = db
                .prepare_cached("SELECT blob FROM part WHERE upload = ?1 AND number = ?2")?
                .query_row(params![upload, part.number], |row| row.get(0))
                .optional()?;
            db.prepare_cached(
                "INSERT OR REPLACE INTO part (upload, number, blob, size, md5, modified, checksum)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                upload,
                part.number,
                part.blob,
                part.size.cast_signed(),
                part.md5,
                part.modified,
                part.checksum.as_ref().map(Json),
            ])?;
            Ok(replaced)
        })
    }

    /// Up to `limit` parts of an upload with numbers above `after`.
    pub(crate) fn parts(&self, upload: &str, after: i32, limit: i64) -> Result<Vec<Part>, StorageError> {
        let sql = format!(
            "SELECT {} FROM part WHERE upload = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            Part::COLUMNS
        );
        self.read(|db| {
            db.prepare_cached(&sql)?.query_map(params![upload, after, limit], Part::from_row)?.collect()
        })
    }

    /// Turns an upload into a version; gives the parts' blobs, which are needed no longer.
    pub(crate) fn complete_upload(
        &self,
        upload: &str,
        new: &NewVersion,
        condition: &Condition,
    ) -> Result<(Added, Vec<String>), WriteError> {
        self.write(|db| {
            if !is_open(db, upload)? {
                return Err(WriteError::NoSuchUpload);
            }
            let added = add_version(db, new, condition)?;
            db.execute("UPDATE upload SET completed = ?2 WHERE id = ?1", params![upload, added.id])?;
            Ok((added, take_parts(db, upload)?))
        })
    }

    /// Forgets an upload; gives the blobs of its parts.
    pub(crate) fn abort_upload(&self, upload: &str) -> Result<Vec<String>, WriteError> {
        self.write(|db| {
            if !is_open(db, upload)? {
                return Err(WriteError::NoSuchUpload);
            }
            let blobs = take_parts(db, upload)?;
            db.execute("DELETE FROM upload WHERE id = ?1", [upload])?;
            Ok(blobs)
        })
    }

    /// Drops completed uploads that are too old to be asked for.
    pub(crate) fn forget_completed_uploads(&self) -> Result<(), StorageError> {
        self.write(|db| {
            db.execute(
                "DELETE FROM upload WHERE completed IS NOT NULL AND initiated < ?1",
                [clock::now() - REMEMBER_COMPLETED],
            )?;
            Ok(())
        })
    }
}

fn is_open(db: &Connection, upload: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM upload WHERE id = ?1 AND completed IS NULL")?.exists([upload])
}

fn take_parts(db: &Connection, upload: &str) -> rusqlite::Result<Vec<String>> {
    db.prepare_cached("DELETE FROM part WHERE upload = ?1 RETURNING blob")?
        .query_map([upload], |row| row.get(0))?
        .collect()
}
