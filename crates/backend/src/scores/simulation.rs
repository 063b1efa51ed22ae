//! The game's own rules.

use async_trait::async_trait;

use super::Outcome;

/// What a game says of its simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Changes whenever the same seed and inputs would give another run.
    pub version: u32,
    /// How long a frame is.
    pub frame_ms: u32,
}

/// Why there is no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The replay used up its time.
    #[error("the simulation was stopped at its limit of computing")]
    Stopped,
    /// The simulation threw, used up its memory, or answered something else than an outcome.
    #[error("the simulation failed: {0}")]
    Engine(String),
    /// Too many replays are waiting.
    #[error("too many replays are waiting")]
    Busy,
}

/// Replays runs by the game's own rules.
#[async_trait]
pub trait Simulation: Send + Sync {
    /// The rules.
    fn rules(&self) -> Rules;

    /// What becomes of a run from this seed with one input for each frame.
    async fn replay(&self, seed: u32, inputs: Vec<u8>) -> Result<Outcome, ReplayError>;
}
