//! Datasets in DynamoDB.
//!
//! All of a player's items have one partition key. Their heads (sync counts, sizes, which segments
//! make them up) are attributes of one item, so that one conditional write changes a dataset, makes
//! one within the number that a player may have, or removes one and raises the floor. The records
//! are in [`segment`]s, which are written before a head names them and never changed: what no head
//! names does not exist. An item has at most 400 KB and a value of ours up to 1 MiB, so a segment is
//! one or more items. Source:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>

mod root;
mod segment;

use std::collections::BTreeMap;

use async_trait::async_trait;
use naru_protocol::DatasetSummary;

use self::root::{Head, Root};
use self::segment::{Change, Segment};
use super::{Commit, Dataset, DatasetName, DatasetRecord, DatasetStore, Deletion, Revision};
use crate::platform::{DynamoDb, PlayerId, StoreError};

const TABLE: &str = "datasets";

const READING: &str = "reading a dataset";
const CHANGING: &str = "changing a dataset";
const DELETING: &str = "deleting a dataset";

/// How often a request starts again because another one came in between.
const ATTEMPTS: usize = 8;

/// Segments that make up a dataset at most; one more change writes it anew as one.
const MAX_SEGMENTS: usize = 16;
/// A dataset is written anew, too, when its segments have grown to twice what it was when that was done
/// last, and to this.
const SMALL: u64 = 256 << 10;

#[async_trait]
impl DatasetStore for DynamoDb {
    async fn list(&self, player: &PlayerId) -> Result<Vec<DatasetSummary>, StoreError> {
        let root = self.root(player, "listing datasets").await?;
        Ok(root.heads.iter().map(|(name, head)| head.summary(name)).collect())
    }

    async fn load(&self, player: &PlayerId, name: &DatasetName) -> Result<Dataset, StoreError> {
        for _ in 0..ATTEMPTS {
            let root = self.root(player, READING).await?;
            let Some(head) = root.heads.get(name.as_str()) else { return Ok(Dataset::absent(root.floor)) };
            // A segment that is gone was replaced since the head was read.
            if let Some(records) = self.records(player, name, head).await? {
                let (sync_count, forgotten) = (head.sync_count, head.forgotten);
                return Ok(Dataset { exists: true, sync_count, forgotten, records });
            }
        }
        Err(StoreError::new(READING, "its segments are not there"))
    }

    async fn commit(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        revision: &Revision,
    ) -> Result<Commit, StoreError> {
        let root = self.root(player, CHANGING).await?;
        if let Some(refusal) = root.refuses(name, revision) {
            return Ok(refusal);
        }
        let old = root.heads.get(name.as_str());
        // What no head names does not exist: killed after this, the writer leaves an unreferenced segment.
        let Some((head, added)) = self.lay_down(player, name, old, revision).await? else {
            return Ok(Commit::Stale);
        };
        if !self.point_at(player, name, revision, &head).await? {
            return self.refused(player, name, revision, &added).await;
        }
        let replaced = old.into_iter().flat_map(|old| old.replaced_by(&head));
        self.discard(player, name, replaced).await;
        Ok(Commit::Done)
    }

    async fn delete(&self, player: &PlayerId, name: &DatasetName) -> Result<Deletion, StoreError> {
        for _ in 0..ATTEMPTS {
            let root = self.root(player, DELETING).await?;
            let Some(head) = root.heads.get(name.as_str()) else {
                self.sweep(player, name, root.floor).await?;
                return Ok(Deletion::Absent);
            };
            let floor = root.floor.max(head.sync_count + 1);
            if self.remove_head(player, name, head, root.floor, floor).await? {
                self.sweep(player, name, floor).await?;
                return Ok(Deletion::Deleted);
            }
        }
        Err(StoreError::new(DELETING, "it kept changing"))
    }
}

impl DynamoDb {
    /// What the segments of a dataset make up; nothing when one is not there.
    async fn records(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        head: &Head,
    ) -> Result<Option<BTreeMap<String, DatasetRecord>>, StoreError> {
        let mut parts = self.parts(player, name).await?;
        let mut records = BTreeMap::new();
        for segment in &head.segments {
            let Some(bytes) = segment.assemble(&mut parts) else { return Ok(None) };
            let change = Change::decode(&bytes).map_err(|error| StoreError::new(READING, error))?;
            change.apply(&mut records);
        }
        Ok(Some(records))
    }

    /// Writes the segment of a revision: the change alone, or all records where there are many
    /// segments. Answers the head that is to name it; nothing when the dataset has changed meanwhile.
    async fn lay_down(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        old: Option<&Head>,
        revision: &Revision,
    ) -> Result<Option<(Head, Segment)>, StoreError> {
        let mut change = Change::of(revision);
        let mut kept = old.cloned().unwrap_or_default();
        if kept.is_to_be_written_anew(change.encode()?.len()) {
            let Some(records) = self.records(player, name, &kept).await? else { return Ok(None) };
            change = change.onto(records);
            kept = Head::default();
        }
        let bytes = change.encode()?;
        let segment = Segment::new(revision.sync_count, bytes.len())?;
        self.write_segment(player, name, &segment, &bytes).await?;
        Ok(Some((kept.followed_by(segment.clone(), bytes.len(), revision), segment)))
    }

    /// Why the head did not change. Or it did, and the SDK asked again because the answer was lost:
    /// then it names our segment.
    async fn refused(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        revision: &Revision,
        added: &Segment,
    ) -> Result<Commit, StoreError> {
        let root = self.root(player, CHANGING).await?;
        let head = root.heads.get(name.as_str());
        if head.is_some_and(|head| head.segments.contains(added)) {
            return Ok(Commit::Done);
        }
        self.discard(player, name, [added]).await;
        Ok(Root::refuses(&root, name, revision).unwrap_or(Commit::Stale))
    }
}
