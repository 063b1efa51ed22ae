//! The board of the best scores.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One page of the board, best first. Of equal scores, the one that was reached first stands higher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoreboardPage {
    /// The players of this page.
    pub standings: Vec<Standing>,
    /// The player who asks; nothing without a login or a score.
    pub own: Option<Standing>,
    /// What to ask the next page with; nothing on the last one.
    pub next: Option<String>,
}

/// A player's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing {
    /// From 1, without gaps.
    pub rank: u64,
    /// The best score.
    pub score: u32,
    /// When it was reached.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub reached_at: Timestamp,
    /// The nickname in the player's profile.
    pub nickname: Option<String>,
    /// Eight hex digits that tell players of the same name apart. They do not give the identity away.
    pub tag: String,
}

/// A row of the board as the 2017 game reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Standing2017 {
    /// The nickname, or the tag.
    pub username: String,
    /// The best score.
    pub score: u32,
}
