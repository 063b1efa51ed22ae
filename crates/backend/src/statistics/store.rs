//! The counts of all scores.

use async_trait::async_trait;

use super::ScoreCount;
use crate::platform::StoreError;
use crate::scores::ScoreEvent;

/// Counts score events.
#[async_trait]
pub trait StatisticsStore: Send + Sync {
    /// Counts each event that was never counted before. Events may come again, in any order, in
    /// other groups and at the same time: each one counts exactly once.
    async fn apply(&self, events: &[ScoreEvent]) -> Result<(), StoreError>;

    /// The counts, by rising score.
    async fn histogram(&self) -> Result<Vec<ScoreCount>, StoreError>;
}
