//! Runs and the scores they earn.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::whole::whole;

/// The answer to `POST /runs`: a run that is to be played from this seed, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssuedRun {
    /// 32 hex digits that nobody can guess.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{32}$"))]
    pub run_id: String,
    /// What the game's simulation starts from.
    pub seed: u32,
    /// Which rules the service replays by. A game with others must not play this run.
    pub rules_version: u32,
    /// Until when the score may be sent.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub expires_at: Timestamp,
}

/// The body of `POST /scores`. There is no score in it: the service computes that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScoreSubmission {
    /// The run that was played.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{32}$"))]
    pub run_id: String,
    /// The rules it was played by.
    #[cfg_attr(feature = "openapi", schema(maximum = 4_294_967_295u32))]
    #[serde(deserialize_with = "whole")]
    pub rules_version: u32,
    /// What the player did, from the first frame to the last, in at most 48,000 spans.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 48000))]
    pub recording: Vec<InputSpan>,
}

/// The same input for some frames in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InputSpan {
    /// The input. Of a one-button game: 1 while the button is held, else 0.
    #[cfg_attr(feature = "openapi", schema(maximum = 255))]
    #[serde(deserialize_with = "whole")]
    pub input: u8,
    /// For how many frames; all spans together have at most 48,000.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 48000))]
    #[serde(deserialize_with = "whole")]
    pub frames: u32,
}

/// The answer to `POST /scores`. The same submission gets the same answer again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoreReceipt {
    /// The run.
    pub run_id: String,
    /// The score that the service computed.
    pub score: u32,
    /// The player's best score, with this run in it.
    pub best: u32,
    /// The player's place on the board, from 1; nothing where it could not be counted.
    pub rank: Option<u64>,
}
