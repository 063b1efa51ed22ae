//! A place on the board as text that sorts as the board does.

use jiff::Timestamp;

use crate::scores::{BoardKey, RunId};

/// Flips the sign, so that times before 1970 sort before those after it.
const SIGN: u64 = 1 << 63;

/// Fixed width and hexadecimal: the order of the bytes, which is the only one that DynamoDB's keys
/// have, is the order of the places. A smaller text is a better place.
pub(super) fn to_text(key: &BoardKey) -> String {
    let at = key.reached_at.as_millisecond().cast_unsigned() ^ SIGN;
    format!("{:08x}.{at:016x}.{}", u32::MAX - key.points, key.run)
}

pub(super) fn from_text(text: &str) -> Option<BoardKey> {
    let mut parts = text.splitn(3, '.');
    let points = u32::MAX - u32::from_str_radix(parts.next()?, 16).ok()?;
    let at = u64::from_str_radix(parts.next()?, 16).ok()? ^ SIGN;
    let reached_at = Timestamp::from_millisecond(at.cast_signed()).ok()?;
    Some(BoardKey { points, reached_at, run: RunId::parse(parts.next()?)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(points: u32, at: i64, run: u8) -> BoardKey {
        let reached_at = Timestamp::from_millisecond(at).expect("a time");
        BoardKey { points, reached_at, run: RunId::from_random([run; 16]) }
    }

    #[test]
    fn texts_sort_as_places_do_and_read_back() {
        let mut keys = Vec::new();
        for points in [0, 1, 9, 10, 255, 256, u32::MAX] {
            for at in [-62_135_596_800_000, -1, 0, 1, 9, 10, 1_700_000_000_000, 253_402_207_200_000] {
                keys.extend([0, 9, 10, 255].map(|run| key(points, at, run)));
            }
        }
        for one in &keys {
            assert_eq!(from_text(&to_text(one)).as_ref(), Some(one), "nothing but the place is stored");
            for other in &keys {
                let by_text = to_text(one).cmp(&to_text(other));
                assert_eq!(by_text, one.cmp(other), "{one:?} and {other:?}: the index knows texts only");
            }
        }
    }

    #[test]
    fn other_text_is_no_place() {
        for text in ["", "00000000", "00000000.8000000000000000.", "x.8000000000000000.00"] {
            assert_eq!(from_text(text), None, "{text:?}");
        }
    }
}
