//! The rows, and how they come out of SQLite.

use std::collections::BTreeMap;

use rusqlite::Row;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::checksum::StoredChecksum;
use crate::clock::Millis;

/// The metadata stored with an object: headers and the like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StoredHeaders {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content_language: Option<String>,
    /// `x-amz-meta-*`, without that prefix.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) metadata: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, String>,
    /// None is `STANDARD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) storage_class: Option<String>,
    /// `x-amz-server-side-encryption`, as the client asked for it. Nothing is encrypted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) encryption: Option<String>,
    /// The parts of a multipart upload, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parts: Vec<StoredPart>,
}

impl StoredHeaders {
    /// The storage class in words.
    pub(crate) fn storage_class(&self) -> &str {
        self.storage_class.as_deref().unwrap_or("STANDARD")
    }
}

/// One part of an object that was uploaded in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredPart {
    /// Bytes.
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) checksum: Option<StoredChecksum>,
}

/// One version of an object, or a delete marker.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) seq: i64,
    pub(crate) key: String,
    pub(crate) id: String,
    pub(crate) latest: bool,
    /// The bytes; `None` is a delete marker.
    pub(crate) blob: Option<String>,
    /// Bytes.
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    pub(crate) modified: Millis,
    pub(crate) checksum: Option<StoredChecksum>,
    pub(crate) headers: StoredHeaders,
}

impl Version {
    pub(crate) const COLUMNS: &str = "seq, key, id, latest, blob, size, etag, modified, checksum, headers";

    pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Version> {
        Ok(Version {
            seq: row.get(0)?,
            key: row.get(1)?,
            id: row.get(2)?,
            latest: row.get(3)?,
            blob: row.get(4)?,
            size: bytes(row, 5)?,
            etag: row.get(6)?,
            modified: row.get(7)?,
            checksum: row.get::<_, Option<Json<_>>>(8)?.map(|json| json.0),
            headers: row.get::<_, Json<_>>(9)?.0,
        })
    }
}

/// A multipart upload.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) initiated: Millis,
    pub(crate) headers: StoredHeaders,
    /// The name in `x-amz-checksum-algorithm`.
    pub(crate) algorithm: Option<String>,
    /// The checksum is one of the parts' checksums.
    pub(crate) composite: bool,
    /// The version it became.
    pub(crate) completed: Option<String>,
}

impl Upload {
    pub(crate) const COLUMNS: &str = "id, key, initiated, headers, algorithm, composite, completed";

    pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Upload> {
        Ok(Upload {
            id: row.get(0)?,
            key: row.get(1)?,
            initiated: row.get(2)?,
            headers: row.get::<_, Json<_>>(3)?.0,
            algorithm: row.get(4)?,
            composite: row.get(5)?,
            completed: row.get(6)?,
        })
    }
}

/// One part of an upload.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) number: i32,
    pub(crate) blob: String,
    /// Bytes.
    pub(crate) size: u64,
    /// Hex; the part's ETag.
    pub(crate) md5: String,
    pub(crate) modified: Millis,
    pub(crate) checksum: Option<StoredChecksum>,
}

impl Part {
    pub(crate) const COLUMNS: &str = "number, blob, size, md5, modified, checksum";

    pub(crate) fn from_row(row: &Row) -> rusqlite::Result<Part> {
        Ok(Part {
            number: row.get(0)?,
            blob: row.get(1)?,
            size: bytes(row, 2)?,
            md5: row.get(3)?,
            modified: row.get(4)?,
            checksum: row.get::<_, Option<Json<_>>>(5)?.map(|json| json.0),
        })
    }
}

/// A column that holds a number of bytes. SQLite's integers have a sign.
fn bytes(row: &Row, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.unsigned_abs())
}

/// A column that holds JSON.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Json).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}
