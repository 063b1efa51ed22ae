//! The statistics of all scores.

use serde::{Deserialize, Serialize};

/// How often which scores were reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScoreHistory {
    /// How many scores were counted.
    pub total: u64,
    /// How many points one bar covers.
    pub width: u32,
    /// By rising score; bars without a score are left out.
    pub bars: Vec<Bar>,
}

/// The scores from `from` to just before `from + width`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bar {
    /// The lowest score of the bar: a multiple of the width.
    pub from: u32,
    /// How many scores.
    pub count: u64,
}

/// A bar as the 2017 game reads it: one for each score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bar2017 {
    /// The score.
    pub score: u32,
    /// How often it was reached.
    pub totalcount: u64,
}
