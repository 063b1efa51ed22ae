//! Reads a file once, and checks while reading that it is still the scanned file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use aws_sdk_s3::types;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use md5::{Digest as _, Md5};
use naru_protocol::{Digest, Md5Digest};

use super::budget::{Budget, Room};
use super::parts::Parts;
use crate::{FailureKind, StoreError};

/// One part of a file, in memory.
pub(super) struct Part {
    /// From 1, as S3 counts.
    pub number: u64,
    pub bytes: Bytes,
    /// The share of the budget that the bytes take, for as long as they are here.
    pub room: Room,
    /// MD5 of the whole file, with its last part only.
    pub whole: Option<Md5Digest>,
}

/// Reads the parts of a file in their order.
pub(super) struct PartReader {
    file: File,
    path: PathBuf,
    key: String,
    parts: Parts,
    budget: Budget,
    next: u64,
    expected: Digest,
    blake3: blake3::Hasher,
    md5: Md5,
}

impl PartReader {
    pub(super) async fn open(
        key: &str,
        path: &Path,
        parts: Parts,
        budget: Budget,
        expected: Digest,
    ) -> Result<Self, StoreError> {
        let opened = {
            let path = path.to_owned();
            blocking(move || File::open(path)).await
        };
        Ok(Self {
            file: opened.map_err(|error| unreadable(key, path, error))?,
            path: path.to_owned(),
            key: key.to_owned(),
            parts,
            budget,
            next: 1,
            expected,
            blake3: blake3::Hasher::new(),
            md5: Md5::new(),
        })
    }

    /// The next part and the reader, or `None` after the last part. Waits until it fits the budget.
    ///
    /// Fails with the last part when the file is not the file of the scan.
    pub(super) async fn next(mut self) -> Result<Option<(Part, Self)>, StoreError> {
        if self.next > self.parts.count() {
            return Ok(None);
        }
        let key = self.key.clone();
        let room = self.budget.take(self.parts.length(self.next)).await;
        let read = tokio::task::spawn_blocking(move || Ok(Some((self.read_part(room)?, self)))).await;
        read.unwrap_or_else(|error| {
            let detail = format!("the reader stopped: {error}");
            Err(StoreError::new("put", key, FailureKind::Fatal, detail))
        })
    }

    fn read_part(&mut self, room: Room) -> Result<Part, StoreError> {
        let number = self.next;
        let length = self.parts.length(number);
        let bytes =
            read_up_to(&mut self.file, length).map_err(|error| unreadable(&self.key, &self.path, error))?;
        if bytes.len() as u64 != length {
            return Err(changed(&self.key, &self.path));
        }
        self.blake3.update(&bytes);
        self.md5.update(&bytes);
        self.next += 1;
        let whole = if number == self.parts.count() { Some(self.finish()?) } else { None };
        Ok(Part { number, bytes: bytes.into(), room, whole })
    }

    fn finish(&mut self) -> Result<Md5Digest, StoreError> {
        if Digest::from(self.blake3.finalize()) != self.expected {
            return Err(changed(&self.key, &self.path));
        }
        Ok(Md5Digest::from_bytes(self.md5.finalize_reset().into()))
    }
}

/// Reads a small file into memory and checks that it is still the file of the scan. All that takes
/// long is done on a thread that may block.
pub(crate) async fn read_checked(
    key: &str,
    path: PathBuf,
    length: u64,
    digest: Digest,
) -> Result<(Bytes, Md5Digest), StoreError> {
    let read = {
        let path = path.clone();
        let work = move || {
            // One byte more than expected tells a file that grew, and bounds one that grows for ever.
            let bytes = read_up_to(&mut File::open(path)?, length + 1)?;
            let same = bytes.len() as u64 == length && Digest::of(&bytes) == digest;
            Ok(same.then(|| (md5_of(&bytes), bytes)))
        };
        blocking(work).await
    };
    match read {
        Ok(Some((md5, bytes))) => Ok((bytes.into(), md5)),
        Ok(None) => Err(changed(key, &path)),
        Err(error) => Err(unreadable(key, &path, error)),
    }
}

pub(crate) fn md5_of(bytes: &[u8]) -> Md5Digest {
    Md5Digest::from_bytes(Md5::digest(bytes).into())
}

/// By what a part that has arrived is recognised.
#[derive(Debug)]
pub(super) struct PartSums {
    md5: Md5Digest,
    crc32: u32,
}

impl PartSums {
    fn of(bytes: &[u8]) -> Self {
        Self { md5: md5_of(bytes), crc32: crc32fast::hash(bytes) }
    }

    /// Whether a part that the store lists has these bytes, its length being right already.
    ///
    /// The tag is their MD5 only where the bucket does not encrypt with keys of KMS or of the client:
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>. The CRC32 that every part
    /// was sent with says the same there.
    pub(super) fn are_those_of(&self, arrived: &types::Part) -> bool {
        let is_md5 = arrived.e_tag().is_some_and(|tag| tag.trim_matches('"') == self.md5.to_string());
        is_md5 || arrived.checksum_crc32() == Some(&BASE64_STANDARD.encode(self.crc32.to_be_bytes()))
    }
}

/// The sums of bytes that are too many to be hashed between two other tasks.
pub(super) async fn sums_of_many(key: &str, bytes: Bytes) -> Result<PartSums, StoreError> {
    let sums = blocking(move || Ok(PartSums::of(&bytes))).await;
    sums.map_err(|error| StoreError::new("put", key, FailureKind::Fatal, format!("hashing a part: {error}")))
}

fn read_up_to(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_err(io::Error::other)?);
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

fn changed(key: &str, path: &Path) -> StoreError {
    let detail = format!("{} changed while publishing", path.display());
    StoreError::new("put", key, FailureKind::BadSource, detail)
}

fn unreadable(key: &str, path: &Path, error: io::Error) -> StoreError {
    let detail = format!("{}: {error}", path.display());
    let mut failure = StoreError::new("put", key, FailureKind::BadSource, detail);
    failure.source = Some(Box::new(error));
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_recognised_by_its_md5_or_where_that_is_no_tag_by_its_crc32() {
        // Both sums of "123456789" are published test values.
        let sums = PartSums::of(b"123456789");
        let (md5, crc32) = ("\"25f9e794323b453885f5181f1b624d0b\"", "y/Q5Jg==");
        let kms = "\"c0ffee00c0ffee00c0ffee00c0ffee00\"";
        let part = |tag: &str| types::Part::builder().e_tag(tag);
        assert!(sums.are_those_of(&part(md5).build()));
        assert!(sums.are_those_of(&part(kms).checksum_crc32(crc32).build()), "encrypted with a key of KMS");
        assert!(!sums.are_those_of(&part(kms).build()), "nothing says that it is ours");
        assert!(!sums.are_those_of(&part(kms).checksum_crc32("AAAAAA==").build()));
    }
}
