//! The board and the statistics.

use serde::Serialize;
use ts_rs::TS;

/// A page of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// Best first.
    pub rows: Vec<BoardRow>,
    /// The player's own place, also where it is on another page.
    pub own: Option<BoardRow>,
    /// What to ask the next page with.
    pub next: Option<String>,
}

/// A player's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardRow {
    /// From 1.
    #[ts(type = "number")]
    pub rank: u64,
    /// The best score.
    pub score: u32,
    /// The chosen name.
    pub nickname: Option<String>,
    /// Tells players of one name apart.
    pub tag: String,
    /// When the score was reached: RFC 3339.
    pub reached_at: String,
}

/// How often which scores were reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// How many scores were counted.
    #[ts(type = "number")]
    pub total: u64,
    /// Points that one bar covers.
    pub width: u32,
    /// By rising score; bars without a score are left out.
    pub bars: Vec<StatisticsBar>,
}

/// The scores from `from` to just before `from + width`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StatisticsBar {
    /// The lowest score of the bar.
    pub from: u32,
    /// How many.
    #[ts(type = "number")]
    pub count: u64,
}
