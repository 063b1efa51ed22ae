//! One walk over the index in order of keys, which all listings are.

use crate::error::StorageError;
use crate::index::Index;
use crate::index::records::Version;

/// Rows fetched at once: a whole page, and what the next query needs to see more.
const BATCH: i64 = 1001;

/// The same with a delimiter, where the walk often leaves a batch at its first row.
const BATCH_OF_GROUPS: i64 = 32;

/// The key right after `key` in the order of bytes.
pub(super) fn after(key: &str) -> String {
    format!("{key}\0")
}

/// The key after all that begin with `prefix`. (Keys with U+10FFFF, which is no character, aside.)
fn past(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Where a walk begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The first key that may come.
    pub(super) key: String,
    /// Of that key, only versions older than this one (`seq`).
    pub(super) older_than: Option<i64>,
}

impl Place {
    pub(super) fn from_key(key: String) -> Place {
        Place { key, older_than: None }
    }

    /// After the last entry of an earlier page, which was a key or a common prefix.
    pub(super) fn after_marker(marker: &str, delimiter: Option<&str>) -> Place {
        let is_prefix = delimiter.is_some_and(|text| !text.is_empty() && marker.ends_with(text));
        Place::from_key(match (marker, is_prefix) {
            ("", _) => String::new(),
            (marker, true) => past(marker),
            (marker, false) => after(marker),
        })
    }
}

/// What to list.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) bucket: String,
    pub(super) prefix: String,
    pub(super) delimiter: Option<String>,
    pub(super) max: i32,
    /// All versions and delete markers instead of current objects.
    pub(super) versions: bool,
    pub(super) start: Place,
}

/// One page of a walk.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) rows: Vec<Version>,
    pub(super) prefixes: Vec<String>,
    /// What came last.
    pub(super) last: Option<Last>,
    pub(super) truncated: bool,
    /// The first key of the next page, when there is one.
    pub(super) next: Option<String>,
}

/// The last entry of a page.
#[derive(Debug)]
pub(super) struct Last {
    /// A key or a common prefix.
    pub(super) key: String,
    /// `None` for a common prefix.
    pub(super) version_id: Option<String>,
}

impl Walk {
    /// Collects one page.
    pub(super) fn run(&self, index: &Index) -> Result<Page, StorageError> {
        let mut page = Page::default();
        let mut place = match self.start.key < self.prefix {
            true => Place::from_key(self.prefix.clone()),
            false => self.start.clone(),
        };
        if self.max == 0 {
            return Ok(page);
        }
        loop {
            let batch = self.fetch(index, &place)?;
            match self.take(batch, &mut page) {
                Taken::Next(next) => place = next,
                Taken::Full => {
                    page.truncated = true;
                    page.next = Some(place_after(&page));
                    return Ok(page);
                }
                Taken::End => return Ok(page),
            }
        }
    }

    fn fetch(&self, index: &Index, place: &Place) -> Result<Vec<Version>, StorageError> {
        let before = past(&self.prefix);
        match self.versions {
            true => index.walk_versions(&self.bucket, (&place.key, place.older_than), &before, self.batch()),
            false => index.walk_objects(&self.bucket, &place.key, &before, self.batch()),
        }
    }

    fn batch(&self) -> i64 {
        match self.delimiter {
            Some(_) => BATCH_OF_GROUPS,
            None => BATCH,
        }
    }

    /// Takes rows until the page is full, a common prefix is found, or the batch ends.
    fn take(&self, batch: Vec<Version>, page: &mut Page) -> Taken {
        let whole = batch.len() as i64 == self.batch();
        let mut end = Place::default();
        for row in batch {
            if page.entries() == self.max.unsigned_abs() as usize {
                return Taken::Full;
            }
            if let Some(prefix) = self.common_prefix(&row.key) {
                let next = Place::from_key(past(&prefix));
                page.last = Some(Last { key: prefix.clone(), version_id: None });
                page.prefixes.push(prefix);
                return Taken::Next(next);
            }
            page.last = Some(Last { key: row.key.clone(), version_id: Some(row.id.clone()) });
            end = match self.versions {
                true => Place { key: row.key.clone(), older_than: Some(row.seq) },
                false => Place::from_key(after(&row.key)),
            };
            page.rows.push(row);
        }
        match whole {
            true => Taken::Next(end),
            false => Taken::End,
        }
    }

    fn common_prefix(&self, key: &str) -> Option<String> {
        let delimiter = self.delimiter.as_deref()?;
        let rest = key.get(self.prefix.len()..)?;
        let end = self.prefix.len() + rest.find(delimiter)? + delimiter.len();
        key.get(..end).map(str::to_owned)
    }
}

impl Page {
    fn entries(&self) -> usize {
        self.rows.len() + self.prefixes.len()
    }
}

/// How far one batch brought the walk.
enum Taken {
    /// Go on from there.
    Next(Place),
    /// There is more than the page holds.
    Full,
    /// There is no more.
    End,
}

fn place_after(page: &Page) -> String {
    match &page.last {
        Some(Last { key, version_id: None }) => past(key),
        Some(Last { key, .. }) => after(key),
        None => String::new(),
    }
}
