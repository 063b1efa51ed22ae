//! The verified scores, and the stream of changes they make.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{RunId, Score, ScoreEvent};

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
