//! The order of the board.

use jiff::{SignedDuration, Timestamp};

use super::RunId;
use crate::platform::PlayerId;

/// A player's best score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// Who.
    pub player: PlayerId,
    /// Their name on the board.
    pub nickname: Option<String>,
    /// Where on the board.
    pub key: BoardKey,
    /// The rank that was counted for this place last, where the store remembers one.
    pub counted: Option<CountedRank>,
}

/// A rank, and when it was counted: others have risen since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedRank {
    /// From 1.
    pub rank: u64,
    /// When.
    pub at: Timestamp,
}

impl CountedRank {
    /// For how long a counted rank is told. Counting one may cost thousands of reads.
    const TOLD_FOR: SignedDuration = SignedDuration::from_secs(60);

    /// Whether it may still be told.
    pub(crate) fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.at).abs() < CountedRank::TOLD_FOR
    }
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

/// Where a page of the board ends, as text that a client hands back to get the next one.
///
/// It has the rank in it: counting one anew costs the more the lower it is, and anybody may ask for any page.
/// So the ranks of one reading go on without gaps, also where others rise meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BoardCursor {
    /// The rank of the last player on the page.
    pub(crate) rank: u64,
    /// And their place.
    pub(crate) key: BoardKey,
}

impl BoardCursor {
    /// More players than there are people, and exact in JavaScript.
    const MOST: u64 = 999_999_999_999_999;

    /// The text.
    pub(crate) fn to_text(&self) -> String {
        let BoardKey { points, reached_at, run } = &self.key;
        format!("{}.{points}.{}.{run}", self.rank, reached_at.as_millisecond())
    }

    /// Reads the text back; nothing for text that is none.
    pub(crate) fn parse(text: &str) -> Option<BoardCursor> {
        let mut parts = text.splitn(4, '.');
        let rank = parts.next()?.parse().ok().filter(|rank| *rank <= BoardCursor::MOST)?;
        let points = parts.next()?.parse().ok()?;
        let reached_at = Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?;
        let run = RunId::parse(parts.next()?)?;
        Some(BoardCursor { rank, key: BoardKey { points, reached_at, run } })
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
