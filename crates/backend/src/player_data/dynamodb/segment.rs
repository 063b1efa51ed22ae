//! Segments: what changed of a dataset, or all of it, in items that are never changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CHANGING, DELETING, READING, TABLE};
use crate::platform::dynamodb::{Item, Unreadable, binary, failed, read_bytes, read_str, string};
use crate::platform::{DynamoDb, PlayerId, StoreError};
use crate::player_data::{DatasetName, DatasetRecord, Revision};

/// Of a segment's bytes in one item; keys and names count towards the 400 KB, too.
const PART: usize = 380 << 10;
/// Items that are written or deleted at the same time.
const AT_ONCE: usize = 4;

/// The name of a segment: the sync count that it leads to, random bits against others that want to
/// lead there, and the number of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    sync_count: u64,
    nonce: u64,
    parts: usize,
}

impl Segment {
    pub(super) fn new(sync_count: u64, length: usize) -> Result<Segment, StoreError> {
        let nonce = getrandom::u64().map_err(|error| StoreError::new(CHANGING, error))?;
        Ok(Segment { sync_count, nonce, parts: length.div_ceil(PART) })
    }

    pub(super) fn id(&self) -> String {
        format!("{:016x}.{:016x}.{}", self.sync_count, self.nonce, self.parts)
    }

    pub(super) fn parse(id: &str) -> Option<Segment> {
        let mut parts = id.splitn(3, '.');
        Some(Segment {
            sync_count: u64::from_str_radix(parts.next()?, 16).ok()?,
            nonce: u64::from_str_radix(parts.next()?, 16).ok()?,
            parts: parts.next()?.parse().ok()?,
        })
    }

    /// The segment of an item, by what follows the dataset's name in its sort key.
    fn of_part(key: &str) -> Option<Segment> {
        Segment::parse(key.split_once('/')?.0)
    }

    /// The sort keys of the items, in order.
    fn items(&self, name: &DatasetName) -> impl Iterator<Item = String> + use<> {
        let start = format!("{}{}", prefix(name), self.id());
        (0..self.parts).map(move |part| format!("{start}/{part}"))
    }

    /// Takes the bytes out of the parts of a dataset; nothing when one is missing.
    pub(super) fn assemble(&self, parts: &mut Parts) -> Option<Vec<u8>> {
        let id = self.id();
        let mut bytes = Vec::new();
        for part in 0..self.parts {
            bytes.append(parts.get_mut(&format!("{id}/{part}"))?);
        }
        Some(bytes)
    }
}

/// The bytes of items by what follows the dataset's name in their sort keys.
pub(super) type Parts = HashMap<String, Vec<u8>>;

fn prefix(name: &DatasetName) -> String {
    format!("{}/", name.as_str())
}

/// What a segment says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Change {
    written: BTreeMap<String, Written>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    dropped: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Written {
    value: Option<String>,
    sync_count: u64,
    modified_at: i64,
}

impl Change {
    pub(super) fn of(revision: &Revision) -> Change {
        let written = revision.written.iter().map(|(key, record)| (key.clone(), Written::of(record)));
        Change { written: written.collect(), dropped: revision.dropped.clone() }
    }

    /// All records after this change of them.
    pub(super) fn onto(self, mut records: BTreeMap<String, DatasetRecord>) -> Change {
        self.apply(&mut records);
        let written = records.iter().map(|(key, record)| (key.clone(), Written::of(record)));
        Change { written: written.collect(), dropped: BTreeSet::new() }
    }

    /// What is dropped was written before or is written here: writing comes first.
    pub(super) fn apply(self, records: &mut BTreeMap<String, DatasetRecord>) {
        records.extend(self.written.into_iter().map(|(key, written)| (key, written.into_record())));
        records.retain(|key, _| !self.dropped.contains(key));
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(self).map_err(|error| StoreError::new(CHANGING, error))
    }

    pub(super) fn decode(bytes: &[u8]) -> serde_json::Result<Change> {
        serde_json::from_slice(bytes)
    }
}

impl Written {
    fn of(record: &DatasetRecord) -> Written {
        Written {
            value: record.value.clone(),
            sync_count: record.sync_count,
            modified_at: record.modified_at.as_millisecond(),
        }
    }

    fn into_record(self) -> DatasetRecord {
        let modified_at = Timestamp::from_millisecond(self.modified_at).unwrap_or_default();
        DatasetRecord { value: self.value, sync_count: self.sync_count, modified_at }
    }
}

impl DynamoDb {
    pub(super) async fn write_segment(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        segment: &Segment,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let mut writes = Vec::new();
        for (item, part) in segment.items(name).zip(bytes.chunks(PART)) {
            let put = self.client().put_item().table_name(self.table(TABLE));
            let put = put.item("player", string(player.as_str())).item("item", string(item));
            writes.push(put.item("part", binary(part)).send());
        }
        let writes = stream::iter(writes).buffer_unordered(AT_ONCE);
        writes.try_for_each(async |_| Ok(())).await.map_err(failed(CHANGING))
    }

    /// All parts of all segments of a dataset, those that no head names included.
    pub(super) async fn parts(&self, player: &PlayerId, name: &DatasetName) -> Result<Parts, StoreError> {
        let mut parts = Parts::new();
        let mut from = None;
        loop {
            let query = self
                .client()
                .query()
                .table_name(self.table(TABLE))
                .key_condition_expression("player = :player AND begins_with(#item, :prefix)")
                .expression_attribute_names("#item", "item")
                .expression_attribute_values(":player", string(player.as_str()))
                .expression_attribute_values(":prefix", string(prefix(name)))
                .consistent_read(true)
                .set_exclusive_start_key(from);
            let answer = query.send().await.map_err(failed(READING))?;
            for item in answer.items() {
                let (key, bytes) = to_part(item, name).map_err(Unreadable::while_doing(READING))?;
                parts.insert(key, bytes);
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(parts);
            }
        }
    }

    /// Deletes segments that no head names. That they stay when it fails is no fault of the request
    /// that did without them: they cost storage until the dataset is deleted.
    pub(super) async fn discard<'a>(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        segments: impl IntoIterator<Item = &'a Segment>,
    ) {
        let items: Vec<_> = segments.into_iter().flat_map(|segment| segment.items(name)).collect();
        let _stay = self.delete_items(player, items).await;
    }

    /// Deletes what is left of a dataset that was deleted. A segment that leads to a sync count up to
    /// the floor can't be named by a head any more; one beyond it may be another request's, which
    /// makes the dataset anew right now.
    pub(super) async fn sweep(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        floor: u64,
    ) -> Result<(), StoreError> {
        let left = self.parts(player, name).await?.into_keys();
        let dead = left.filter(|key| Segment::of_part(key).is_some_and(|it| it.sync_count <= floor));
        let items = dead.map(|key| format!("{}{key}", prefix(name))).collect();
        self.delete_items(player, items).await
    }

    async fn delete_items(&self, player: &PlayerId, items: Vec<String>) -> Result<(), StoreError> {
        let mut deletions = Vec::new();
        for item in items {
            let delete = self.client().delete_item().table_name(self.table(TABLE));
            let delete = delete.key("player", string(player.as_str())).key("item", string(item));
            deletions.push(delete.send());
        }
        let deletions = stream::iter(deletions).buffer_unordered(AT_ONCE);
        deletions.try_for_each(async |_| Ok(())).await.map_err(failed(DELETING))
    }
}

fn to_part(item: &Item, name: &DatasetName) -> Result<(String, Vec<u8>), Unreadable> {
    let key = read_str(item, "item")?.strip_prefix(&prefix(name)).ok_or(Unreadable("item"))?;
    Ok((key.to_owned(), read_bytes(item, "part")?.to_vec()))
}
