//! What of a file has to travel, when some of its pieces are here.

use naru_protocol::{Digest, FileEntry, piece_range};

/// Bytes of the pieces that are not at their places among those that were found.
pub(crate) fn missing_bytes(entry: &FileEntry, found: &[Digest]) -> u64 {
    let wanted = entry.piece_digests().iter().enumerate();
    let missing = wanted.filter(|(index, wanted)| found.get(*index) != Some(wanted));
    missing.map(|(index, _)| piece_range(entry.size, index as u64)).map(|range| range.end - range.start).sum()
}
