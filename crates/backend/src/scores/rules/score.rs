//! What a run earned.

use jiff::Timestamp;

use super::{RunId, RunRefusal};
use crate::platform::PlayerId;

/// What the simulation says of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The points.
    pub score: u32,
    /// The frames that were survived.
    pub frames: u32,
    /// Whether the run ended within the recording.
    pub over: bool,
}

impl Outcome {
    /// A recording is one whole run: its last frame is the one that ended it.
    pub(crate) fn check_whole(&self, recorded: usize) -> Result<(), RunRefusal> {
        if !self.over {
            return Err(RunRefusal::NotOver(recorded));
        }
        if self.frames as usize + 1 != recorded {
            return Err(RunRefusal::GoesOn { survived: self.frames, recorded });
        }
        Ok(())
    }
}

/// A verified score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The run: it has this score and never another one.
    pub run: RunId,
    /// Who played it.
    pub player: PlayerId,
    /// The points.
    pub points: u32,
    /// When it arrived.
    pub at: Timestamp,
    /// Which recording earned it.
    pub recording: [u8; 32],
}

/// One entry of the change stream: a score was stored.
///
/// A stream may deliver an event twice and in any order. The run's id is the event's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreEvent {
    /// The run, and the event.
    pub run: RunId,
    /// The points.
    pub points: u32,
}
