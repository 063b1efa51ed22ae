//! The rules of the services. Nothing here does I/O.

pub mod accounts;
mod board;
mod dataset;
mod histogram;
mod limits;
mod nickname;
mod player;
mod player_record;
mod playing;
mod recording;
mod requester;
mod run;
mod score;

pub use board::{Best, BoardCursor, BoardKey, CountedRank};
pub use dataset::{
    ChangeError, Dataset, DatasetName, DatasetRecord, Deletion, MAX_DATASET_BYTES, MAX_DATASETS, MAX_RECORDS,
    Revision,
};
pub use histogram::{ScoreCount, bars};
pub use limits::{Action, ServiceLimits};
pub use nickname::{PROFILE, PROFILE_NICKNAME};
pub use player::{PlayerId, PlayerIdError};
pub use player_record::PlayerRecord;
pub use playing::{MOST_OPEN_RUNS, Playing};
pub use recording::{MAX_FRAMES, MAX_SPANS, Recording, RecordingError};
pub use requester::Requester;
pub use run::{Claim, Run, RunId, RunRefusal};
pub use score::{Outcome, Score, ScoreEvent};
