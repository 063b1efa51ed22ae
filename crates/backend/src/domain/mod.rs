//! The rules of the services. Nothing here does I/O.

pub mod accounts;
mod board;
mod dataset;
mod histogram;
mod limits;
mod nickname;
mod player;
mod player_record;
mod recording;
mod run;
mod score;

pub use board::{Best, BoardCursor, BoardKey};
pub use dataset::{
    ChangeError, Dataset, DatasetName, DatasetRecord, Deletion, MAX_DATASET_BYTES, MAX_DATASETS, MAX_RECORDS,
    Revision,
};
pub use histogram::{ScoreCount, bars};
pub use limits::{Action, ServiceLimits};
pub use nickname::{Nickname, NicknameError, PROFILE, PROFILE_NICKNAME};
pub use player::{PlayerId, PlayerIdError};
pub use player_record::PlayerRecord;
pub use recording::{MAX_FRAMES, MAX_SPANS, Recording, RecordingError};
pub use run::{Claim, Run, RunId, RunRefusal};
pub use score::{Outcome, Score, ScoreEvent};
