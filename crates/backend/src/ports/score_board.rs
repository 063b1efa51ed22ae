//! The best score of each player, in order.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Best, BoardKey, PlayerId};

/// Reads the board, whose entries [`ScoreStore::record`](super::ScoreStore::record) makes.
#[async_trait]
pub trait ScoreBoard: Send + Sync {
    /// The best scores after a place (from the top without one), in order, at most `limit`.
    async fn page(&self, after: Option<&BoardKey>, limit: usize) -> Result<Vec<Best>, StoreError>;

    /// How many players stand before this place. A store for which counting costs may stop at a number
    /// of its own, which then means "that many, or more".
    async fn count_before(&self, place: &BoardKey) -> Result<u64, StoreError>;

    /// The rank of a best score that was just read. A store for which counting costs may tell the one that
    /// it has counted for this place before, as long as that is [fresh](crate::domain::CountedRank::is_fresh).
    async fn rank_of(&self, best: &Best, _now: Timestamp) -> Result<u64, StoreError> {
        Ok(self.count_before(&best.key).await? + 1)
    }

    /// A player's best score.
    async fn best_of(&self, player: &PlayerId) -> Result<Option<Best>, StoreError>;

    /// Changes a player's name on the board; nothing happens to one who is not on it.
    async fn rename(&self, player: &PlayerId, nickname: Option<&str>) -> Result<(), StoreError>;
}
