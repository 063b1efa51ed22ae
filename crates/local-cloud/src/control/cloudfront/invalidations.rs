//! Invalidation batches: reading and remembering them.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use super::answers::Fault;
use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::index::Index;
use crate::index::records::Json;
use crate::names;

/// What an invalidation asks for.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) reference: String,
    pub(super) paths: Vec<String>,
}

/// A batch that was accepted.
#[derive(Debug)]
pub(super) struct Invalidation {
    pub(super) id: String,
    pub(super) created: Millis,
    pub(super) batch: Batch,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchXml {
    paths: PathsXml,
    caller_reference: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PathsXml {
    quantity: usize,
    #[serde(default)]
    items: ItemsXml,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ItemsXml {
    #[serde(default)]
    path: Vec<String>,
}

impl Batch {
    /// Reads the body of `CreateInvalidation`.
    pub(super) fn read(body: &[u8]) -> Result<Batch, Fault> {
        let text = str::from_utf8(body).map_err(|_| Fault::malformed())?;
        let xml: BatchXml = quick_xml::de::from_str(text).map_err(|_| Fault::malformed())?;
        let paths = xml.paths.items.path;
        if xml.paths.quantity != paths.len() {
            return Err(Fault::inconsistent_quantities());
        }
        if paths.is_empty() || paths.iter().any(|path| !is_path(path)) {
            return Err(Fault::invalid_path());
        }
        Ok(Batch { reference: xml.caller_reference, paths })
    }

    /// The same paths, in any order.
    pub(super) fn same(&self, other: &Batch) -> bool {
        let sorted = |batch: &Batch| {
            let mut paths = batch.paths.clone();
            paths.sort();
            paths
        };
        sorted(self) == sorted(other)
    }
}

/// `/` first, a wildcard only at the end, and nothing that CloudFront wants percent-encoded: all but
/// ASCII, and what RFC 1738 calls unsafe.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html>
fn is_path(path: &str) -> bool {
    let before_end = path.strip_suffix('*').unwrap_or(path);
    let is_safe = |letter: char| letter.is_ascii_graphic() && !"<>\"#{}|\\^~[]`".contains(letter);
    path.starts_with('/') && !before_end.contains('*') && path.chars().all(is_safe)
}

impl Index {
    /// Adds a batch, or finds the one with the same reference; `true` is a new one.
    pub(super) fn create_invalidation(&self, batch: &Batch) -> Result<(Invalidation, bool), StorageError> {
        self.write(|db| {
            if let Some(old) = find(db, "reference", &batch.reference)? {
                return Ok((old, false));
            }
            let new =
                Invalidation { id: names::invalidation_id(), created: clock::now(), batch: batch.clone() };
            db.execute(
                "INSERT INTO invalidation (id, reference, paths, created) VALUES (?1, ?2, ?3, ?4)",
                params![new.id, batch.reference, Json(&batch.paths), new.created],
            )?;
            Ok((new, true))
        })
    }

    /// Finds a batch by its id.
    pub(super) fn invalidation(&self, id: &str) -> Result<Option<Invalidation>, StorageError> {
        self.read(|db| find(db, "id", id))
    }
}

fn find(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Invalidation>> {
    db.prepare_cached(&format!("SELECT id, reference, paths, created FROM invalidation WHERE {column} = ?1"))?
        .query_row([value], |row| {
            Ok(Invalidation {
                id: row.get(0)?,
                created: row.get(3)?,
                batch: Batch { reference: row.get(1)?, paths: row.get::<_, Json<_>>(2)?.0 },
            })
        })
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_at_the_end_only() {
        assert!(is_path("/a/*") && is_path("/*") && is_path("/a"));
        assert!(!is_path("a") && !is_path("/*/a") && !is_path(""));
    }

    #[test]
    fn what_cloudfront_wants_encoded_is_refused_as_it_is() {
        for path in ["/~studio/a", "/a b", "/게임", "/a[1]", "/a\nb"] {
            assert!(!is_path(path), "{path:?}: CloudFront answers InvalidArgument");
        }
        assert!(is_path("/%7Estudio/%EA%B2%8C%EC%9E%84/a+b@1"));
    }
}
