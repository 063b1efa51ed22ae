//! The order of the board.

use jiff::Timestamp;

use super::{PlayerId, RunId};

/// A player's best score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// Who.
    pub player: PlayerId,
    /// Their name on the board.
    pub nickname: Option<String>,
    /// Where on the board.
    pub key: BoardKey,
}

/// A place in the board's order: higher scores first; of equal ones, the one reached first; of two
/// in the same millisecond, the smaller run id, so that the order is total and stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardKey {
    /// The points.
    pub points: u32,
    /// When they were reached, in whole milliseconds.
    pub reached_at: Timestamp,
    /// The run that earned them.
    pub run: RunId,
}

impl BoardKey {
    /// As text that a client hands back to continue after this place.
    pub fn to_cursor(&self) -> String {
        format!("{}.{}.{}", self.points, self.reached_at.as_millisecond(), self.run)
    }

    /// Reads a cursor back; nothing for text that is none.
    pub fn from_cursor(text: &str) -> Option<BoardKey> {
        let mut parts = text.splitn(3, '.');
        let points = parts.next()?.parse().ok()?;
        let reached_at = Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?;
        let run = RunId::parse(parts.next()?)?;
        Some(BoardKey { points, reached_at, run })
    }
}

impl Ord for BoardKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_points = other.points.cmp(&self.points);
        by_points.then(self.reached_at.cmp(&other.reached_at)).then_with(|| self.run.cmp(&other.run))
    }
}

impl PartialOrd for BoardKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
