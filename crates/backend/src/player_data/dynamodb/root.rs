//! The item of a player that has the heads of all their datasets.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use naru_protocol::DatasetSummary;

use super::segment::Segment;
use super::{CHANGING, DELETING, MAX_SEGMENTS, SMALL, TABLE};
use crate::platform::dynamodb::{
    Item, Unreadable, failed, if_held, number, read_number, read_time, string, time,
};
use crate::platform::{DynamoDb, PlayerId, StoreError};
use crate::player_data::{Commit, DatasetName, MAX_DATASETS, Revision};

/// The sort key of the item. Those of segments have a `/`.
const ROOT: &str = "heads";
/// Before a dataset's name in the name of its attribute.
const HEAD: &str = "dataset:";

/// A player's datasets.
#[derive(Debug, Default)]
pub(super) struct Root {
    /// Where the sync counts of the next new dataset begin.
    pub(super) floor: u64,
    pub(super) heads: BTreeMap<String, Head>,
}

/// One dataset.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    pub(super) sync_count: u64,
    pub(super) forgotten: u64,
    records: u32,
    bytes: u64,
    modified_at: Timestamp,
    /// The oldest first.
    pub(super) segments: Vec<Segment>,
    /// The bytes of all segments.
    stored: u64,
    /// Those of the oldest one, which has all that there was when it was written, removals too.
    whole: u64,
}

impl Root {
    /// Why a revision can't be stored, if it can't.
    pub(super) fn refuses(&self, name: &DatasetName, revision: &Revision) -> Option<Commit> {
        let is_as_expected = match self.heads.get(name.as_str()) {
            Some(head) => revision.existed && head.sync_count == revision.expected,
            None => !revision.existed && self.floor == revision.expected,
        };
        if !is_as_expected {
            return Some(Commit::Stale);
        }
        (!revision.existed && self.heads.len() >= MAX_DATASETS).then_some(Commit::TooMany)
    }

    fn read(item: &Item) -> Result<Root, Unreadable> {
        let mut root = Root::default();
        if item.contains_key("sync_floor") {
            root.floor = read_number(item, "sync_floor")?;
        }
        for (attribute, value) in item {
            let Some(name) = attribute.strip_prefix(HEAD) else { continue };
            let head = value.as_m().map_err(|_| Unreadable("dataset:…"))?;
            root.heads.insert(name.to_owned(), Head::read(head)?);
        }
        Ok(root)
    }
}

impl Head {
    /// Compared with another segment, and not with the keys and values: those are shorter than their text
    /// in a segment, and without the removals, so a dataset could be too large however often it is written.
    pub(super) fn is_to_be_written_anew(&self, added: usize) -> bool {
        let grown = self.stored.saturating_add(added as u64) > SMALL.max(self.whole.saturating_mul(2));
        !self.segments.is_empty() && (grown || self.segments.len() >= MAX_SEGMENTS)
    }

    /// The head after a revision whose segment has `length` bytes.
    pub(super) fn followed_by(mut self, segment: Segment, length: usize, revision: &Revision) -> Head {
        if self.segments.is_empty() {
            self.whole = length as u64;
        }
        self.segments.push(segment);
        Head {
            sync_count: revision.sync_count,
            forgotten: revision.forgotten,
            records: u32::try_from(revision.records).unwrap_or(u32::MAX),
            bytes: revision.bytes as u64,
            modified_at: revision.at,
            segments: self.segments,
            stored: self.stored + length as u64,
            whole: self.whole,
        }
    }

    /// The segments that a newer head does without.
    pub(super) fn replaced_by<'a>(&'a self, newer: &'a Head) -> impl Iterator<Item = &'a Segment> {
        self.segments.iter().filter(|segment| !newer.segments.contains(segment))
    }

    pub(super) fn summary(&self, name: &str) -> DatasetSummary {
        DatasetSummary {
            name: name.to_owned(),
            sync_count: self.sync_count,
            records: self.records,
            bytes: self.bytes,
            modified_at: self.modified_at,
        }
    }

    fn read(map: &Item) -> Result<Head, Unreadable> {
        let segments =
            map.get("segments").and_then(|value| value.as_l().ok()).ok_or(Unreadable("segments"))?;
        let segment = |value: &AttributeValue| value.as_s().ok().and_then(|id| Segment::parse(id));
        Ok(Head {
            sync_count: read_number(map, "sync_count")?,
            forgotten: read_number(map, "forgotten")?,
            records: read_number(map, "records")?,
            bytes: read_number(map, "bytes")?,
            modified_at: read_time(map, "modified_at")?,
            segments: segments.iter().map(segment).collect::<Option<_>>().ok_or(Unreadable("segments"))?,
            stored: read_number(map, "stored")?,
            // Older heads lack this field: such a dataset is rewritten once.
            whole: if map.contains_key("whole") { read_number(map, "whole")? } else { 0 },
        })
    }

    fn to_map(&self) -> AttributeValue {
        let segments = self.segments.iter().map(|segment| string(segment.id())).collect();
        AttributeValue::M(Item::from([
            ("sync_count".to_owned(), number(self.sync_count)),
            ("forgotten".to_owned(), number(self.forgotten)),
            ("records".to_owned(), number(self.records)),
            ("bytes".to_owned(), number(self.bytes)),
            ("modified_at".to_owned(), time(self.modified_at)),
            ("segments".to_owned(), AttributeValue::L(segments)),
            ("stored".to_owned(), number(self.stored)),
            ("whole".to_owned(), number(self.whole)),
        ]))
    }
}

impl DynamoDb {
    pub(super) async fn root(&self, player: &PlayerId, doing: &'static str) -> Result<Root, StoreError> {
        let request = self.client().get_item().table_name(self.table(TABLE));
        let request = request.key("player", string(player.as_str())).key("item", string(ROOT));
        let found = request.consistent_read(true).send().await.map_err(failed(doing))?.item;
        let root = found.as_ref().map(Root::read).transpose().map_err(Unreadable::while_doing(doing))?;
        Ok(root.unwrap_or_default())
    }

    /// Makes the head of a dataset, or replaces it, if all is still as the revision expects.
    pub(super) async fn point_at(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        revision: &Revision,
        head: &Head,
    ) -> Result<bool, StoreError> {
        let update = self.update_root(player, name).expression_attribute_values(":head", head.to_map());
        let update = match revision.existed {
            true => update
                .update_expression("SET #dataset = :head")
                .condition_expression("#dataset.sync_count = :expected")
                .expression_attribute_values(":expected", number(revision.expected)),
            false => as_a_new_one(update, revision.expected),
        };
        Ok(if_held(CHANGING, update.send().await)?.is_some())
    }

    /// Removes the head of a dataset and sets the floor, if both are still as they were read.
    pub(super) async fn remove_head(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        head: &Head,
        old_floor: u64,
        floor: u64,
    ) -> Result<bool, StoreError> {
        let update = self
            .update_root(player, name)
            .update_expression("REMOVE #dataset SET sync_floor = :floor ADD present :one_less")
            .expression_attribute_values(":floor", number(floor))
            .expression_attribute_values(":one_less", number(-1))
            .expression_attribute_values(":expected", number(head.sync_count));
        let update = with_floor(update, "#dataset.sync_count = :expected", old_floor);
        Ok(if_held(DELETING, update.send().await)?.is_some())
    }

    fn update_root(&self, player: &PlayerId, name: &DatasetName) -> UpdateItemFluentBuilder {
        self.client()
            .update_item()
            .table_name(self.table(TABLE))
            .key("player", string(player.as_str()))
            .key("item", string(ROOT))
            .expression_attribute_names("#dataset", format!("{HEAD}{}", name.as_str()))
    }
}

/// The number of a player's datasets is counted in the same write that makes one.
fn as_a_new_one(update: UpdateItemFluentBuilder, floor: u64) -> UpdateItemFluentBuilder {
    let update = update
        .update_expression("SET #dataset = :head ADD present :one")
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":most", number(MAX_DATASETS));
    let condition = "attribute_not_exists(#dataset) AND (attribute_not_exists(present) OR present < :most)";
    with_floor(update, condition, floor)
}

/// Adds to a condition that the floor is what it was; one that was never raised is not written.
fn with_floor(update: UpdateItemFluentBuilder, condition: &str, floor: u64) -> UpdateItemFluentBuilder {
    match floor {
        0 => update.condition_expression(format!("{condition} AND attribute_not_exists(sync_floor)")),
        floor => update
            .condition_expression(format!("{condition} AND sync_floor = :old_floor"))
            .expression_attribute_values(":old_floor", number(floor)),
    }
}
