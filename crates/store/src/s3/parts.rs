//! How a large file is cut.

use std::ops::Range;

use naru_protocol::Digest;

use crate::{FailureKind, StoreError};

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>
const MOST_PARTS: u64 = 10_000;
const LARGEST_OBJECT: u64 = 5 << 40;
/// Parts on their way at the same time.
const PARALLEL: u64 = 4;

/// The parts of one upload: all of the same length, but the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    total: u64,
    part: u64,
}

impl Parts {
    /// Cuts `total` bytes into parts of at least `least`.
    ///
    /// Up to one MiB on top comes from the digest, so that the parts of an unfinished upload say
    /// whose bytes they are. S3 shows neither the metadata of such an upload nor more than the
    /// bytes that have come; continuing one of other bytes with the same beginning would give an
    /// object that carries the wrong digest.
    pub(super) fn plan(key: &str, total: u64, digest: &Digest, least: u64) -> Result<Self, StoreError> {
        if total > LARGEST_OBJECT {
            let detail = format!("{total} bytes are more than an S3 object can hold ({LARGEST_OBJECT})");
            return Err(StoreError::new("put", key, FailureKind::Fatal, detail));
        }
        let [a, b, c, ..] = *digest.as_bytes();
        let mark = u64::from(u32::from_be_bytes([0, a, b, c]) >> 4);
        let part = least.max(total.div_ceil(MOST_PARTS)) + mark;
        Ok(Self { total, part })
    }

    pub(super) fn count(&self) -> u64 {
        self.total.div_ceil(self.part)
    }

    /// The bytes of part `number`, from 1; empty after the last.
    pub(super) fn range(&self, number: u64) -> Range<u64> {
        let start = self.total.min((number - 1).saturating_mul(self.part));
        start..self.total.min(start + self.part)
    }

    /// The length of part `number`, from 1.
    pub(super) fn length(&self, number: u64) -> u64 {
        let range = self.range(number);
        range.end - range.start
    }

    /// How many parts may be in memory: fewer when they are large.
    pub(super) fn parallel(&self, least: u64) -> usize {
        ((PARALLEL + 1) * least / self.part).clamp(1, PARALLEL) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn parts(total: u64, digest: &Digest) -> Parts {
        Parts::plan("key", total, digest, 16 * MIB).ok().unwrap_or(Parts { total: 0, part: 1 })
    }

    #[test]
    fn parts_cover_the_file_once_and_fit_the_limits() {
        for total in [16 * MIB + 1, 100 * MIB, 1 << 37, LARGEST_OBJECT] {
            let parts = parts(total, &Digest::of(&total.to_le_bytes()));
            assert!(parts.count() <= MOST_PARTS, "{total}: {parts:?}");
            assert_eq!(parts.range(1).start, 0);
            assert_eq!(parts.range(parts.count()).end, total);
            assert!(parts.length(parts.count()) > 0, "the last part is not empty");
            assert!(parts.range(parts.count() + 1).is_empty());
        }
    }

    #[test]
    fn other_bytes_have_parts_of_other_lengths() {
        let one = parts(100 * MIB, &Digest::of(b"one"));
        let other = parts(100 * MIB, &Digest::of(b"other"));
        assert_ne!(one.length(1), other.length(1));
        assert!((16 * MIB..17 * MIB).contains(&one.length(1)));
    }

    #[test]
    fn large_parts_travel_fewer_at_a_time() {
        assert_eq!(parts(100 * MIB, &Digest::of(b"")).parallel(16 * MIB), 4);
        assert_eq!(parts(1 << 40, &Digest::of(b"")).parallel(16 * MIB), 1, "105 MiB each");
    }

    #[test]
    fn more_than_s3_can_hold_is_refused_before_anything_is_sent() {
        assert!(Parts::plan("key", LARGEST_OBJECT + 1, &Digest::of(b""), 16 * MIB).is_err());
    }
}
