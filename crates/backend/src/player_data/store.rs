//! The players' datasets.

use async_trait::async_trait;
use naru_protocol::DatasetSummary;

use super::{Dataset, DatasetName, Deletion, Revision};
use crate::platform::{PlayerId, StoreError};

/// What became of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// It is stored.
    Done,
    /// The dataset is no longer at the sync count that the revision expects. Nothing was stored.
    Stale,
    /// The dataset would be one too many. Nothing was stored.
    TooMany,
}

/// Keeps datasets. The rules are not here: a [`Revision`] has passed them.
#[async_trait]
pub trait DatasetStore: Send + Sync {
    /// A player's datasets, by name.
    async fn list(&self, player: &PlayerId) -> Result<Vec<DatasetSummary>, StoreError>;

    /// A dataset, or an absent one at the player's floor.
    async fn load(&self, player: &PlayerId, name: &DatasetName) -> Result<Dataset, StoreError>;

    /// Stores a revision if the dataset is still as it expects, as one step.
    async fn commit(
        &self,
        player: &PlayerId,
        name: &DatasetName,
        revision: &Revision,
    ) -> Result<Commit, StoreError>;

    /// Removes a dataset, and raises the player's floor above its sync count: a dataset that is
    /// made anew under the name must not look like the old one.
    async fn delete(&self, player: &PlayerId, name: &DatasetName) -> Result<Deletion, StoreError>;
}
