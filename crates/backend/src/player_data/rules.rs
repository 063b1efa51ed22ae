//! The rules of datasets: limits, conditions, sync counts.
//!
//! The limits are those of Cognito Sync (20 datasets of 1 MB and 1,024 records for each identity,
//! names of 128 characters). Source:
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html>

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use naru_protocol::{DatasetUpdate, Record, RecordChange};

/// Datasets that one player may have.
pub const MAX_DATASETS: usize = 20;
/// Records that one dataset may have.
pub const MAX_RECORDS: usize = 1024;
/// Bytes that the keys and values of one dataset may have in UTF-8: 1 MiB.
pub const MAX_DATASET_BYTES: usize = 1 << 20;
/// Removals that one dataset remembers; a client that missed older ones gets the whole dataset.
const MAX_REMOVALS: usize = 1024;
const MAX_KEY_CHARACTERS: usize = 128;
const MAX_NAME_LENGTH: usize = 128;

/// A dataset's name: 1 to 128 letters, digits and `_` `.` `:` `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DatasetName(String);

impl DatasetName {
    /// Reads a name.
    pub fn parse(text: &str) -> Result<DatasetName, ChangeError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        match (1..=MAX_NAME_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
            true => Ok(DatasetName(text.to_owned())),
            false => Err(ChangeError::Name),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A record as it is kept: one that was removed has no value and is remembered for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetRecord {
    /// The value.
    pub value: Option<String>,
    /// Of the last change.
    pub sync_count: u64,
    /// When it was last changed.
    pub modified_at: Timestamp,
}

/// A dataset with everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dataset {
    /// False before the first change and after a deletion.
    pub exists: bool,
    /// Of the last change, deletions of a dataset of this name included: it never goes back.
    pub sync_count: u64,
    /// A client that has seen less than this must start over: removals up to it are forgotten.
    pub forgotten: u64,
    /// By key; removed ones too.
    pub records: BTreeMap<String, DatasetRecord>,
}

/// A change that keeps all rules, to be stored if the dataset is still at `expected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The sync count that the rules were checked against.
    pub expected: u64,
    /// Whether the dataset was there.
    pub existed: bool,
    /// The new sync count.
    pub sync_count: u64,
    /// The new bound of what is forgotten.
    pub forgotten: u64,
    /// The records to write.
    pub written: BTreeMap<String, DatasetRecord>,
    /// Removed records that are no longer remembered.
    pub dropped: BTreeSet<String>,
    /// Records in the dataset afterwards.
    pub records: usize,
    /// Bytes in the dataset afterwards.
    pub bytes: usize,
    /// When.
    pub at: Timestamp,
}

/// What a deletion did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It was there.
    Deleted,
    /// There was nothing.
    Absent,
}

/// Why a change is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// The dataset's name.
    #[error("a dataset's name has 1 to {MAX_NAME_LENGTH} letters, digits and `_` `.` `:` `-`")]
    Name,
    /// No change, or too many.
    #[error("an update has 1 to {MAX_RECORDS} changes, and this one has {0}")]
    Changes(usize),
    /// A key's length.
    #[error("a key has 1 to {MAX_KEY_CHARACTERS} characters, and this one has {0}")]
    Key(usize),
    /// Two changes of one record.
    #[error("the key {0:?} is changed twice")]
    Twice(String),
    /// Too many records.
    #[error("the dataset would have {0} records, and {MAX_RECORDS} is the most")]
    Records(usize),
    /// Too many bytes.
    #[error("the dataset would have {0} bytes, and {MAX_DATASET_BYTES} is the most")]
    Bytes(usize),
    /// Too many datasets.
    #[error("a player has at most {MAX_DATASETS} datasets")]
    Datasets,
    /// Another client was first.
    #[error("{} records have another sync count", .0.len())]
    Conflict(Vec<Record>),
}

impl Dataset {
    /// One that is not there, after an earlier one of the player's was deleted at `floor`.
    pub fn absent(floor: u64) -> Dataset {
        Dataset { exists: false, sync_count: floor, forgotten: floor, records: BTreeMap::new() }
    }

    /// Whether a client at `since` has to replace its copy.
    pub fn must_start_over(&self, since: u64) -> bool {
        since == 0 || since < self.forgotten || since > self.sync_count
    }

    /// What a client at `since` lacks.
    pub fn changes_since(&self, since: u64) -> Vec<Record> {
        let whole = self.must_start_over(since);
        let lacks = |record: &DatasetRecord| match whole {
            true => record.value.is_some(),
            false => record.sync_count > since,
        };
        let lacking = self.records.iter().filter(|(_, record)| lacks(record));
        lacking.map(|(key, record)| record.to_wire(key)).collect()
    }

    /// Checks an update against every rule and works out what is to be stored.
    pub fn revise(&self, update: &DatasetUpdate, now: Timestamp) -> Result<Revision, ChangeError> {
        check_shape(&update.changes)?;
        self.check_sync_counts(&update.changes)?;
        let sync_count = self.sync_count + 1;
        let written = update.changes.iter().map(|change| {
            let record = DatasetRecord { value: change.value.clone(), sync_count, modified_at: now };
            (change.key.clone(), record)
        });
        let written: BTreeMap<_, _> = written.collect();
        let mut after = self.records.clone();
        after.extend(written.clone());
        let (records, bytes) = check_size(&after)?;
        let dropped = removals_to_forget(&after);
        let newest_dropped = dropped.iter().map(|key| after[key].sync_count).max();
        Ok(Revision {
            expected: self.sync_count,
            existed: self.exists,
            sync_count,
            forgotten: self.forgotten.max(newest_dropped.unwrap_or(0)),
            written,
            dropped,
            records,
            bytes,
            at: now,
        })
    }

    /// Each change must name the sync count of the record that it replaces. A removed one may also be taken
    /// for one that never was: a client that starts over is not told of it.
    fn check_sync_counts(&self, changes: &[RecordChange]) -> Result<(), ChangeError> {
        let replaces = |change: &RecordChange| match self.records.get(&change.key) {
            None => change.sync_count == 0,
            Some(record) => {
                change.sync_count == record.sync_count || (record.value.is_none() && change.sync_count == 0)
            }
        };
        let conflicts: Vec<Record> = changes
            .iter()
            .filter(|change| !replaces(change))
            .map(|change| self.wire_record(&change.key))
            .collect();
        match conflicts.is_empty() {
            true => Ok(()),
            false => Err(ChangeError::Conflict(conflicts)),
        }
    }

    fn wire_record(&self, key: &str) -> Record {
        let absent = || Record { key: key.to_owned(), value: None, sync_count: 0, modified_at: None };
        self.records.get(key).map_or_else(absent, |record| record.to_wire(key))
    }
}

impl DatasetRecord {
    /// As it is answered.
    pub(crate) fn to_wire(&self, key: &str) -> Record {
        Record {
            key: key.to_owned(),
            value: self.value.clone(),
            sync_count: self.sync_count,
            modified_at: Some(self.modified_at),
        }
    }
}

fn check_shape(changes: &[RecordChange]) -> Result<(), ChangeError> {
    if !(1..=MAX_RECORDS).contains(&changes.len()) {
        return Err(ChangeError::Changes(changes.len()));
    }
    let mut seen = BTreeSet::new();
    for change in changes {
        let characters = change.key.chars().count();
        if !(1..=MAX_KEY_CHARACTERS).contains(&characters) {
            return Err(ChangeError::Key(characters));
        }
        if !seen.insert(&change.key) {
            return Err(ChangeError::Twice(change.key.clone()));
        }
    }
    Ok(())
}

fn check_size(records: &BTreeMap<String, DatasetRecord>) -> Result<(usize, usize), ChangeError> {
    let present = || records.iter().filter_map(|(key, record)| Some((key, record.value.as_ref()?)));
    let count = present().count();
    let bytes = present().map(|(key, value)| key.len() + value.len()).sum();
    if count > MAX_RECORDS {
        return Err(ChangeError::Records(count));
    }
    if bytes > MAX_DATASET_BYTES {
        return Err(ChangeError::Bytes(bytes));
    }
    Ok((count, bytes))
}

/// The oldest removals beyond those that are remembered: without that, a client that adds and
/// removes ever new keys would fill the store.
fn removals_to_forget(records: &BTreeMap<String, DatasetRecord>) -> BTreeSet<String> {
    let removed = records.iter().filter(|(_, record)| record.value.is_none());
    let mut removed: Vec<_> = removed.map(|(key, record)| (record.sync_count, key)).collect();
    removed.sort_unstable();
    let excess = removed.len().saturating_sub(MAX_REMOVALS);
    removed.into_iter().take(excess).map(|(_, key)| key.clone()).collect()
}
