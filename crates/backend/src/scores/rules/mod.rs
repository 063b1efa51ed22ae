//! What makes a score count. Nothing here does I/O.

mod board;
mod playing;
mod recording;
mod run;
mod score;

pub(crate) use board::BoardCursor;
pub use board::{Best, BoardKey, CountedRank};
pub use playing::Playing;
pub use recording::{Recording, RecordingError};
pub(crate) use run::Claim;
pub use run::{Run, RunId, RunRefusal};
pub use score::{Outcome, Score, ScoreEvent};
