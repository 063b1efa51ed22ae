//! Pieces: the unit in which a large file is verified, resumed and repaired.
//!
//! BLAKE3 is a tree. A piece of [`PIECE_LENGTH`] bytes, which is a power of two of BLAKE3's
//! 1,024-byte chunks, is a whole subtree, and its chaining value can be computed without the rest
//! of the file (BLAKE3 paper, 5.1 and 6.4). The chaining values of all pieces merge to the very
//! digest that `b3sum` prints, so a manifest that lists them needs no second hash, and each piece
//! can be checked as soon as it has arrived, from any thread and in any order.

use std::ops::Range;

use blake3::hazmat::{ChainingValue, HasherExt, Mode, merge_subtrees_non_root, merge_subtrees_root};

use crate::Digest;

/// Bytes in a piece (1 MiB); the last piece of a file may be shorter.
pub const PIECE_LENGTH: u64 = 1 << 20;

/// How many pieces a file of `size` bytes has. A file that fits one piece has one (also when empty).
pub const fn piece_count(size: u64) -> u64 {
    if size == 0 { 1 } else { size.div_ceil(PIECE_LENGTH) }
}

/// The bytes of piece `index` in a file of `size` bytes.
pub fn piece_range(size: u64, index: u64) -> Range<u64> {
    let start = (index * PIECE_LENGTH).min(size);
    start..(start + PIECE_LENGTH).min(size)
}

/// Hashes one piece of a file of known size.
#[derive(Debug, Clone)]
pub struct PieceHasher {
    hasher: blake3::Hasher,
    whole_file: bool,
}

impl PieceHasher {
    /// Starts piece `index` of a file of `size` bytes.
    pub fn new(size: u64, index: u64) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.set_input_offset(index * PIECE_LENGTH);
        Self { hasher, whole_file: piece_count(size) == 1 }
    }

    /// Adds the next bytes of the piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// The chaining value of the piece; for a file of one piece, the file's digest.
    pub fn finish(&self) -> Digest {
        if self.whole_file {
            self.hasher.finalize().into()
        } else {
            Digest::from_bytes(self.hasher.finalize_non_root())
        }
    }
}

/// Merges the chaining values of all pieces of a file to its BLAKE3 digest.
///
/// `None` for no piece. One piece is the digest itself.
pub fn root_of_pieces(pieces: &[Digest]) -> Option<Digest> {
    match pieces {
        [] => None,
        [only] => Some(*only),
        many => {
            let (left, right) = split(many);
            Some(merge_subtrees_root(&subtree(left), &subtree(right), Mode::Hash).into())
        }
    }
}

fn subtree(pieces: &[Digest]) -> ChainingValue {
    if let [only] = pieces {
        return *only.as_bytes();
    }
    let (left, right) = split(pieces);
    merge_subtrees_non_root(&subtree(left), &subtree(right), Mode::Hash)
}

/// A BLAKE3 node's left side is the largest power of two that leaves something for the right.
fn split(pieces: &[Digest]) -> (&[Digest], &[Digest]) {
    pieces.split_at(pieces.len().next_power_of_two() / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_merge_to_the_digest_that_b3sum_prints() {
        for size in [
            0,
            1,
            PIECE_LENGTH - 1,
            PIECE_LENGTH,
            PIECE_LENGTH + 1,
            2 * PIECE_LENGTH,
            5 * PIECE_LENGTH + 7,
            8 * PIECE_LENGTH,
        ] {
            let bytes: Vec<u8> = (0..size).map(|i| (i * 31 % 251) as u8).collect();
            let pieces: Vec<Digest> = (0..piece_count(size))
                .map(|index| {
                    let range = piece_range(size, index);
                    let mut hasher = PieceHasher::new(size, index);
                    hasher.update(&bytes[range.start as usize..range.end as usize]);
                    hasher.finish()
                })
                .collect();
            assert_eq!(
                root_of_pieces(&pieces),
                Some(Digest::of(&bytes)),
                "a file of {size} bytes must have one digest however it is hashed"
            );
        }
    }
}
