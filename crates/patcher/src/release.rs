//! A release as an install folder wants it, those of the 2017 publisher included.

use std::fmt;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::{
    Channel, Digest, FileEntry, FormatError, Keys, Limits, Locations, Manifest, Md5Digest, Platform, Pointer,
    Record2017, RelPath,
};
use naru_store::{FailureKind, ObjectRef, ReadStore, StoreError};

use crate::UpdateError;
use crate::pieces::missing_bytes;
use crate::remote::{ReadError, read_document, read_file_list};

/// Questions for sizes that are under way at once.
const CONCURRENT_STATS: usize = 32;

/// What a file's bytes have to hash to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Checksum {
    Blake3(Digest),
    Md5(Md5Digest),
}

impl fmt::Display for Checksum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blake3(digest) => digest.fmt(formatter),
            Self::Md5(digest) => digest.fmt(formatter),
        }
    }
}

/// What a release says of a file.
#[derive(Debug)]
pub(crate) enum Content {
    /// Named by a manifest.
    Known(FileEntry),
    /// Named by the 2017 file list: its BLAKE3 is known once it is here.
    Md5(FileOf2017),
}

/// A file of the 2017 file list.
#[derive(Debug)]
pub(crate) struct FileOf2017 {
    path: RelPath,
    size: u64,
    pub(crate) checksum: Md5Digest,
    /// The name in the list, where it is not the path's own.
    listed_as: Option<String>,
}

/// A file that a release wants installed.
#[derive(Debug)]
pub(crate) struct WantedFile {
    pub(crate) content: Content,
    /// The S3 version that has its bytes.
    pub(crate) version: String,
}

impl WantedFile {
    pub(crate) fn path(&self) -> &RelPath {
        match &self.content {
            Content::Known(entry) => &entry.path,
            Content::Md5(file) => &file.path,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        match &self.content {
            Content::Known(entry) => entry.size,
            Content::Md5(file) => file.size,
        }
    }

    /// Whether it may be run; the 2017 list does not say.
    pub(crate) fn is_executable(&self) -> bool {
        match &self.content {
            Content::Known(entry) => entry.executable,
            Content::Md5(_) => false,
        }
    }

    /// The BLAKE3 of its bytes, where the release names it.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        match &self.content {
            Content::Known(entry) => Some(&entry.digest),
            Content::Md5(_) => None,
        }
    }

    pub(crate) fn checksum(&self) -> Checksum {
        match &self.content {
            Content::Known(entry) => Checksum::Blake3(entry.digest),
            Content::Md5(file) => Checksum::Md5(file.checksum),
        }
    }

    /// Bytes that have to travel where these pieces are here, each at its place.
    pub(crate) fn missing_bytes(&self, found: &[Digest]) -> u64 {
        match &self.content {
            Content::Known(entry) => missing_bytes(entry, found),
            Content::Md5(file) => file.size,
        }
    }

    /// The object that has its bytes.
    pub(crate) fn object(&self, keys: &Keys) -> ObjectRef {
        let key = match &self.content {
            Content::Known(entry) => keys.file(&entry.path),
            Content::Md5(file) => key_of_2017(keys, &file.path, file.listed_as.as_deref()),
        };
        ObjectRef::at(key, &self.version)
    }
}

/// A file of the 2017 list lies under the name that it has there.
fn key_of_2017(keys: &Keys, path: &RelPath, listed_as: Option<&str>) -> String {
    listed_as.map_or_else(|| keys.file(path), |name| keys.file_2017(name))
}

/// The manifest and the locations of a release, as stored (zstd): byte by byte as they were published,
/// because a newer Naru may have written more into them than this one reads.
#[derive(Debug, Clone)]
pub(crate) struct Documents {
    pub(crate) manifest: Vec<u8>,
    pub(crate) locations: Vec<u8>,
}

/// The documents with the name of the manifest.
#[derive(Debug, Clone)]
pub(crate) struct NamedDocuments {
    pub(crate) manifest: Digest,
    pub(crate) documents: Documents,
}

/// What a release is, apart from its files.
#[derive(Debug)]
pub(crate) struct ReleaseHead {
    pub(crate) channel: Channel,
    pub(crate) epoch: u64,
    pub(crate) number: u64,
    pub(crate) notes: String,
    pub(crate) made_by_2017: bool,
    /// `None` for a release that comes as a 2017 file list.
    pub(crate) documents: Option<NamedDocuments>,
    pub(crate) preserve: Vec<String>,
    pub(crate) config: Vec<String>,
}

/// A release as an update needs it.
#[derive(Debug)]
pub(crate) struct WantedRelease {
    pub(crate) head: ReleaseHead,
    /// Shared with the plan and with whatever fetches them.
    pub(crate) files: Vec<Arc<WantedFile>>,
    /// Names of a 2017 release that can't be installed, with their reasons.
    pub(crate) refused: Vec<String>,
}

/// Which release to read.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) keys: Keys,
    pub(crate) channel: Channel,
    pub(crate) platform: Platform,
}

/// Reads everything that an update needs to know of a pointer's release.
pub(crate) async fn read_release(
    store: Arc<dyn ReadStore>,
    wanted: &Wanted,
    pointer: Pointer,
) -> Result<WantedRelease, UpdateError> {
    let keys = &wanted.keys;
    let Some(release) = &pointer.release else {
        return Ok(read_release_2017(store, wanted, &pointer).await?);
    };
    let named = release
        .manifest_for(wanted.platform)
        .ok_or(UpdateError::NotForThisSystem { number: release.number })?;
    // Each is held against the digest that the pointer names, so that no part of another release can
    // be slipped in (mix-and-match attack).
    let document = read_document(&*store, &keys.manifest(&named.manifest.digest), &named.manifest).await?;
    let places = read_document(&*store, &keys.locations(&named.locations.digest), &named.locations).await?;
    let manifest = Manifest::decode(&document.bytes)?;
    let locations = Locations::decode(&places.bytes, &manifest, &named.manifest.digest)?;
    let documents = Documents { manifest: document.stored, locations: places.stored };
    Ok(WantedRelease {
        head: ReleaseHead {
            channel: release.channel.clone(),
            epoch: release.epoch,
            number: release.number,
            notes: release.notes.clone(),
            made_by_2017: false,
            documents: Some(NamedDocuments { manifest: named.manifest.digest, documents }),
            preserve: manifest.preserve().to_vec(),
            config: manifest.config().to_vec(),
        },
        files: wanted_files(&manifest, &locations),
        refused: Vec::new(),
    })
}

/// The files of a manifest with the places of their bytes.
pub(crate) fn wanted_files(manifest: &Manifest, locations: &Locations) -> Vec<Arc<WantedFile>> {
    let wanted = |(entry, version): (&FileEntry, &str)| {
        Arc::new(WantedFile { content: Content::Known(entry.clone()), version: version.to_owned() })
    };
    locations.located(manifest).map(wanted).collect()
}

async fn read_release_2017(
    store: Arc<dyn ReadStore>,
    wanted: &Wanted,
    pointer: &Pointer,
) -> Result<WantedRelease, ReadError> {
    let keys = &wanted.keys;
    let list = read_file_list(&*store, keys, pointer).await?;
    let files = list.iter().map(|(path, record)| {
        let object =
            ObjectRef::at(key_of_2017(keys, path, record.listed_as.as_deref()), &record.s3_versionid);
        sized(Arc::clone(&store), object, path.clone(), record.clone())
    });
    let files: Vec<Arc<WantedFile>> =
        stream::iter(files.collect::<Vec<_>>()).buffered(CONCURRENT_STATS).try_collect().await?;
    check_total(files.iter().map(|file| file.size()))?;
    Ok(WantedRelease {
        head: ReleaseHead {
            channel: wanted.channel.clone(),
            epoch: 0,
            number: pointer.version,
            notes: String::new(),
            made_by_2017: true,
            documents: None,
            preserve: Vec::new(),
            config: Vec::new(),
        },
        files,
        refused: list.refused().to_vec(),
    })
}

/// The limit that a manifest is held against; here the sizes are what the server answered.
fn check_total(mut sizes: impl Iterator<Item = u64>) -> Result<(), FormatError> {
    let total = sizes.try_fold(0u64, |sum, size| sum.checked_add(size));
    if total.is_some_and(|total| total <= Limits::TOTAL_BYTES) {
        return Ok(());
    }
    Err(FormatError { what: "filedb.db", problem: "names more than 1 TiB".into() })
}

/// The 2017 list has no sizes, and without them there is no honest progress and no space check.
async fn sized(
    store: Arc<dyn ReadStore>,
    object: ObjectRef,
    path: RelPath,
    record: Record2017,
) -> Result<Arc<WantedFile>, StoreError> {
    let Some(stored) = store.stat(&object).await? else {
        return Err(StoreError::new(
            "head",
            object.key,
            FailureKind::NotFound,
            "named by filedb.db but not there",
        ));
    };
    let Record2017 { checksum, listed_as, s3_versionid: version, .. } = record;
    let content = Content::Md5(FileOf2017 { path, size: stored.length, checksum, listed_as });
    Ok(Arc::new(WantedFile { content, version }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_a_server_makes_up_neither_wrap_nor_pass() {
        assert!(check_total([Limits::TOTAL_BYTES - 1, 1].into_iter()).is_ok());
        assert!(check_total([Limits::TOTAL_BYTES, 1].into_iter()).is_err());
        assert!(check_total([u64::MAX, 2].into_iter()).is_err(), "the sum would wrap to 1");
    }
}
