//! The manifest: the complete list of files of one release.

use std::io::Read;

use serde::{Deserialize, Serialize};

use crate::{Digest, FormatError, Limits, NameClash, ObjectId, RelPath, piece_count, root_of_pieces};

/// Compression level of stored documents: their bytes are mostly digests, which no level shrinks.
const ZSTD_LEVEL: i32 = 3;

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Where it goes below the install folder.
    pub path: RelPath,
    /// Its length in bytes.
    pub size: u64,
    /// BLAKE3 of its bytes.
    pub digest: Digest,
    /// Whether it may be run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub executable: bool,
    /// Chaining value of each piece, for a file of more than one ([`crate::PieceHasher`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Digest>,
}

impl FileEntry {
    /// What each piece of the file must hash to.
    pub fn piece_digests(&self) -> &[Digest] {
        if self.pieces.is_empty() { std::slice::from_ref(&self.digest) } else { &self.pieces }
    }
}

/// The complete list of files of one release, sorted by path.
///
/// It names content only: no date, no number, no place. The same tree gives the same bytes on every
/// system, so equal digests mean that nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: u32,
    files: Vec<FileEntry>,
    /// Glob patterns of files that are written once and never again.
    preserve: Vec<String>,
    /// Glob patterns of files that a player may edit.
    config: Vec<String>,
}

impl Manifest {
    /// Makes a manifest; sorts the files and refuses what a client would refuse.
    pub fn new(
        mut files: Vec<FileEntry>,
        preserve: Vec<String>,
        config: Vec<String>,
    ) -> Result<Self, FormatError> {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let manifest = Self { format: 1, files, preserve, config };
        manifest.check()?;
        Ok(manifest)
    }

    /// All files, sorted by path.
    pub fn files(&self) -> &[FileEntry] {
        &self.files
    }

    /// Glob patterns of files that are written once and never again.
    pub fn preserve(&self) -> &[String] {
        &self.preserve
    }

    /// Glob patterns of files that a player may edit.
    pub fn config(&self) -> &[String] {
        &self.config
    }

    /// The file at a path.
    pub fn get(&self, path: &RelPath) -> Option<&FileEntry> {
        let at = self.files.binary_search_by(|entry| entry.path.cmp(path)).ok()?;
        self.files.get(at)
    }

    /// The sum of all sizes.
    pub fn total_bytes(&self) -> u64 {
        self.files.iter().map(|entry| entry.size).sum()
    }

    /// The uncompressed bytes: what the digest is over.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        let bytes = serde_json::to_vec(self).map_err(invalid)?;
        check_length(&bytes)?;
        Ok(bytes)
    }

    /// Reads a manifest and holds it against every rule.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        check_length(bytes)?;
        let manifest: Self = serde_json::from_slice(bytes).map_err(invalid)?;
        if manifest.format != 1 {
            return Err(invalid(format!("format {} is newer than this Naru", manifest.format)));
        }
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), FormatError> {
        if self.files.len() > Limits::FILES {
            return Err(invalid(format!("more than {} files", Limits::FILES)));
        }
        check_sizes(&self.files)?;
        check_order(&self.files)?;
        if let Some(clash) = NameClash::find(&self.files) {
            return Err(invalid(clash));
        }
        self.files.iter().try_for_each(check_pieces)
    }
}

/// Decompresses a document of this machine, without an announced length: at most 64 MiB.
pub fn unpack_own(stored: &[u8]) -> Result<Vec<u8>, FormatError> {
    decompress(stored, Limits::MANIFEST)
}

fn decompress(stored: &[u8], limit: u64) -> Result<Vec<u8>, FormatError> {
    let refuse = |error: std::io::Error| FormatError::new("stored document", error);
    let mut document = Vec::new();
    let decoder = zstd::stream::read::Decoder::new(stored).map_err(refuse)?;
    decoder.take(limit + 1).read_to_end(&mut document).map_err(refuse)?;
    if document.len() as u64 > limit {
        return Err(FormatError::new("stored document", format!("is longer than {limit} bytes")));
    }
    Ok(document)
}

/// Compresses a document for the store.
fn compress(bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
    zstd::bulk::compress(bytes, ZSTD_LEVEL).map_err(|error| FormatError::new("document", error))
}

impl ObjectId {
    /// Names a document and compresses it for the store.
    pub fn pack(document: &[u8]) -> Result<(Self, Vec<u8>), FormatError> {
        let id = Self { digest: Digest::of(document), length: document.len() as u64 };
        Ok((id, compress(document)?))
    }

    /// Decompresses what the store answered and holds it against the name; stops at the declared
    /// length (decompression bomb).
    pub fn unpack(&self, stored: &[u8]) -> Result<Vec<u8>, FormatError> {
        let refuse = |problem: String| FormatError::new("stored document", problem);
        let document = decompress(stored, self.length)?;
        if document.len() as u64 != self.length {
            return Err(refuse(format!("not the {} bytes that were announced", self.length)));
        }
        let digest = Digest::of(&document);
        if digest != self.digest {
            return Err(refuse(format!("has digest {digest}, not {}", self.digest)));
        }
        Ok(document)
    }

    /// The most bytes that the compressed form can have: what may be read from the store.
    pub fn stored_limit(&self) -> u64 {
        // zstd's own bound for incompressible input is length + length / 256 + 512.
        self.length + self.length / 128 + 1024
    }
}

fn check_length(bytes: &[u8]) -> Result<(), FormatError> {
    if bytes.len() as u64 > Limits::MANIFEST {
        return Err(invalid("over 64 MiB"));
    }
    Ok(())
}

fn check_sizes(files: &[FileEntry]) -> Result<(), FormatError> {
    let total = files.iter().try_fold(0u64, |sum, entry| sum.checked_add(entry.size));
    match total {
        Some(total) if total <= Limits::TOTAL_BYTES => Ok(()),
        _ => Err(invalid("more than 1 TiB")),
    }
}

fn check_order(files: &[FileEntry]) -> Result<(), FormatError> {
    for pair in files.windows(2) {
        if pair[0].path >= pair[1].path {
            return Err(invalid(format!("{} is listed twice or out of order", pair[1].path)));
        }
    }
    Ok(())
}

fn check_pieces(entry: &FileEntry) -> Result<(), FormatError> {
    let count = piece_count(entry.size);
    let expected = if count == 1 { 0 } else { count };
    if entry.pieces.len() as u64 != expected {
        return Err(invalid(format!("{} has {} pieces, not {expected}", entry.path, entry.pieces.len())));
    }
    if count > 1 && root_of_pieces(&entry.pieces) != Some(entry.digest) {
        return Err(invalid(format!("the pieces of {} are not its digest", entry.path)));
    }
    Ok(())
}

fn invalid(problem: impl std::fmt::Display) -> FormatError {
    FormatError::new("manifest", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> FileEntry {
        FileEntry {
            path: RelPath::parse(path).expect("a valid test path"),
            size: 3,
            digest: Digest::of(b"abc"),
            executable: false,
            pieces: Vec::new(),
        }
    }

    fn manifest(paths: &[&str]) -> Result<Manifest, FormatError> {
        Manifest::new(paths.iter().map(|path| file(path)).collect(), vec![], vec![])
    }

    #[test]
    fn the_same_files_in_any_order_give_the_same_bytes() {
        let one = manifest(&["b", "a/c", "a"]).and_then(|m| m.encode());
        assert!(one.is_err(), "`a` can't be a file and a folder");
        let one = manifest(&["b", "a/c", "d"]).and_then(|m| m.encode()).expect("valid");
        let other = manifest(&["d", "a/c", "b"]).and_then(|m| m.encode()).expect("valid");
        assert_eq!(one, other, "equal digests must mean equal trees");
        assert_eq!(Manifest::decode(&one).expect("reads").encode().expect("encodes"), one);
    }

    #[test]
    fn a_manifest_has_one_limit_in_both_directions() {
        let glob = "x".repeat(Limits::MANIFEST as usize);
        let large = Manifest::new(vec![file("a")], vec![glob], vec![]).expect("its files are few");
        assert!(large.encode().is_err());
        assert!(Manifest::decode(&serde_json::to_vec(&large).expect("encodes")).is_err());
    }

    #[test]
    fn names_that_clash_on_one_system_are_refused_on_all() {
        for clash in [["a.txt", "A.TXT"], ["straße", "STRASSE"], ["Art/a", "art/b"], ["x", "X/y"]] {
            assert!(manifest(&clash).is_err(), "{clash:?}");
        }
    }

    #[test]
    fn pieces_that_do_not_make_the_digest_are_refused() {
        let mut entry = file("big");
        entry.size = crate::PIECE_LENGTH + 1;
        entry.pieces = vec![Digest::of(b"x"), Digest::of(b"y")];
        assert!(
            Manifest::new(vec![entry], vec![], vec![]).is_err(),
            "a piece list that is not the file would let other bytes in"
        );
    }

    #[test]
    fn decompression_stops_at_the_declared_length() {
        let (mut id, stored) = ObjectId::pack(&vec![0; 1 << 20]).expect("packs");
        assert!(id.unpack(&stored).is_ok());
        id.length = 1000;
        assert!(id.unpack(&stored).is_err(), "a bomb must not be unpacked past its word");
    }
}
