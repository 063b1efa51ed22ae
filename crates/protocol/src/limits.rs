//! Limits on how much of a document is read before any of it is trusted (endless-data attack).

use crate::FormatError;

/// The largest documents that a client accepts.
#[derive(Debug, Clone, Copy)]
pub struct Limits;

impl Limits {
    /// `version.json`, in bytes.
    pub const POINTER: u64 = 16 * 1024;
    /// Release notes inside a pointer, in bytes of UTF-8.
    pub const NOTES: usize = 6 * 1024;
    /// The same as JSON: what is left of a pointer after base64 and its other fields.
    pub const NOTES_ESCAPED: usize = 10 * 1024;
    /// A manifest or a locations document after decompression, in bytes.
    pub const MANIFEST: u64 = 64 * 1024 * 1024;
    /// The 2017 `filedb.db`, in bytes. It is not compressed and repeats every key name.
    pub const FILEDB_2017: u64 = 128 * 1024 * 1024;
    /// Files in one release.
    pub const FILES: usize = 500_000;
    /// Bytes in one release: 1 TiB.
    pub const TOTAL_BYTES: u64 = 1 << 40;
    /// A release number or a file's 2017 version: 2017 clients read them as JavaScript numbers, which
    /// are exact up to here. It also leaves room for the next one.
    pub const NUMBER: u64 = (1 << 53) - 1;
    /// A path, in bytes of UTF-8.
    pub const PATH: usize = 1024;
    /// One component of a path: bytes in NFC (ext4) and UTF-16 units in NFD (APFS, NTFS).
    pub const COMPONENT: usize = 255;
}

impl Limits {
    /// Refuses a release number, or a file's 2017 version, that is too large.
    pub fn check_number(number: u64) -> Result<(), FormatError> {
        if number > Self::NUMBER {
            return Err(FormatError::new("number", format!("{number} is over {}", Self::NUMBER)));
        }
        Ok(())
    }
}
