//! What the scores service keeps: runs, the time that they have taken, scores and the board.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Best, BoardKey, Playing, Run, RunId, Score, ScoreEvent};
use crate::platform::{PlayerId, StoreError};

/// Keeps runs until no score of theirs can arrive any more.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Keeps a new run, and may forget those that were issued before `outlived`.
    async fn issue(&self, run: &Run, outlived: Timestamp) -> Result<(), StoreError>;

    /// The run of this id.
    async fn find(&self, id: &RunId) -> Result<Option<Run>, StoreError>;
}

/// Keeps each player's runs of late. The rules are not here: they are [`Playing`]'s.
#[async_trait]
pub trait PlayingStore: Send + Sync {
    /// A player's runs of late, and the number of this version of them; 0 where there are none yet.
    async fn load(&self, player: &PlayerId) -> Result<(Playing, u64), StoreError>;

    /// Stores a player's runs as the version after `before`, if that is still the newest, and says whether it
    /// was. Of two at the same time, one is stored.
    async fn commit(&self, player: &PlayerId, before: u64, playing: &Playing) -> Result<bool, StoreError>;
}

/// What became of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// It was stored, and an event was appended to the stream.
    New,
    /// The same recording of the same run is stored already: this is a repetition.
    Same(Score),
    /// Another recording of the run is stored already.
    Other,
}

/// Keeps scores.
#[async_trait]
pub trait ScoreStore: Send + Sync {
    /// Stores a score if its run has none yet; moves the player's best up if it is higher; appends
    /// the event. Of two at the same time, one is `New`.
    ///
    /// All of that happens, or nothing; only the best may follow later where this answers an error:
    /// with the same score again, or with the consumer of the stream.
    ///
    /// `nickname` is the player's name on the board from now on.
    async fn record(&self, score: &Score, nickname: Option<&str>) -> Result<Recorded, StoreError>;

    /// The score that a run has.
    async fn stored(&self, run: &RunId) -> Result<Option<Score>, StoreError>;
}

/// The change stream of the scores, for the consumer that feeds the statistics.
#[async_trait]
pub trait ScoreStream: Send + Sync {
    /// Events that were not acknowledged yet, the oldest first, at most `limit`.
    async fn pending(&self, limit: usize) -> Result<Vec<ScoreEvent>, StoreError>;

    /// These events need not be delivered again.
    async fn acknowledge(&self, events: &[RunId]) -> Result<(), StoreError>;
}

/// Reads the board, whose entries [`ScoreStore::record`] makes. The names on it are changed by
/// [`NamesOnBoard`](crate::player_data::NamesOnBoard).
#[async_trait]
pub trait ScoreBoard: Send + Sync {
    /// The best scores after a place (from the top without one), in order, at most `limit`.
    async fn page(&self, after: Option<&BoardKey>, limit: usize) -> Result<Vec<Best>, StoreError>;

    /// How many players stand before this place. A store for which counting costs may stop at a number
    /// of its own, which then means "that many, or more".
    async fn count_before(&self, place: &BoardKey) -> Result<u64, StoreError>;

    /// The rank of a best score that was just read. A store for which counting costs may tell the one that
    /// it has counted for this place before, as long as that is [fresh](super::CountedRank::is_fresh).
    async fn rank_of(&self, best: &Best, _now: Timestamp) -> Result<u64, StoreError> {
        Ok(self.count_before(&best.key).await? + 1)
    }

    /// A player's best score.
    async fn best_of(&self, player: &PlayerId) -> Result<Option<Best>, StoreError>;
}
