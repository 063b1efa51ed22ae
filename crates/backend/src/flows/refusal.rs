//! Why a flow did not do what it was asked.

use naru_protocol::ShownNameError;

use crate::domain::{Action, ChangeError, RecordingError, RunRefusal};
use crate::ports::{ReplayError, StoreError};

/// A request that was understood and not granted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Too many of them.
    #[error("this minute's {} requests of this kind are used up", .limit)]
    RateLimited {
        /// What was asked for.
        action: Action,
        /// How many a minute.
        limit: u32,
        /// Seconds until the next minute begins.
        retry_after: u32,
    },
    /// The recording.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The run.
    #[error(transparent)]
    Run(#[from] RunRefusal),
    /// The replay.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The dataset.
    #[error(transparent)]
    Dataset(#[from] ChangeError),
    /// The nickname in the profile.
    #[error(transparent)]
    Nickname(#[from] ShownNameError),
    /// The dataset or the player's runs changed again and again in between.
    #[error("the same was changed by other requests {0} times in between")]
    Contended(usize),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}
