//! Reading releases from a store, those of the 2017 publisher included.

use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::{
    Channel, Digest, FileEntry, FileList2017, FormatError, Keys, Limits, Locations, Manifest, Md5Digest,
    ObjectId, Platform, PlatformManifest, Pointer, RelPath,
};
use naru_store::{FailureKind, ObjectRef, ReadStore, StoreError, WriteStore};

use crate::UpdateError;
use crate::ledger::Documents;

/// Questions for sizes that are under way at once.
const CONCURRENT_STATS: usize = 32;

/// A pointer as it was read, with the tag that a later conditional write needs.
#[derive(Debug, Clone)]
pub(crate) struct ReadPointer {
    pub(crate) pointer: Pointer,
    pub(crate) etag: Option<String>,
}

/// Reads a channel's pointer; `None` where nothing has been published.
pub(crate) async fn read_pointer(
    store: &dyn ReadStore,
    object: &ObjectRef,
) -> Result<Option<ReadPointer>, ReadError> {
    let Some(PointerBytes { bytes, etag }) = read_pointer_bytes(store, object).await? else {
        return Ok(None);
    };
    Ok(Some(ReadPointer { pointer: decode_pointer(&object.key, &bytes)?, etag }))
}

pub(crate) fn decode_pointer(key: &str, bytes: &[u8]) -> Result<Pointer, ReadError> {
    Pointer::decode(bytes).map_err(|source| ReadError::Pointer { key: key.to_owned(), source })
}

/// A pointer before it is believed.
pub(crate) struct PointerBytes {
    pub(crate) bytes: Vec<u8>,
    etag: Option<String>,
}

pub(crate) async fn read_pointer_bytes(
    store: &dyn ReadStore,
    object: &ObjectRef,
) -> Result<Option<PointerBytes>, StoreError> {
    let body = match store.open(object, None).await {
        Ok(body) => body,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let etag = body.etag.clone();
    let bytes = collect(body, &object.key, Limits::POINTER).await?;
    Ok(Some(PointerBytes { bytes, etag }))
}

/// Reads a body into memory, never past the limit (endless-data attack).
async fn collect(mut body: naru_store::Body, key: &str, limit: u64) -> Result<Vec<u8>, StoreError> {
    let too_long = || StoreError::new("get", key, FailureKind::BadAnswer, format!("more than {limit} bytes"));
    if body.length.is_some_and(|length| length > limit) {
        return Err(too_long());
    }
    let mut bytes = Vec::with_capacity(body.length.unwrap_or_default() as usize);
    while let Some(more) = body.stream.next().await {
        bytes.extend_from_slice(&more?);
        if bytes.len() as u64 > limit {
            return Err(too_long());
        }
    }
    Ok(bytes)
}

/// A store that failed, or a document in it that is not valid.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Format(#[from] FormatError),
    #[error("{source}")]
    Pointer { key: String, source: FormatError },
}

impl From<ReadError> for crate::PublishError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => error.into(),
            ReadError::Format(error) => error.into(),
            ReadError::Pointer { key, source } => Self::BrokenPointer { key, source },
        }
    }
}

impl From<ReadError> for crate::UpdateError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Store(error) => error.into(),
            ReadError::Format(error) => error.into(),
            ReadError::Pointer { key, source } => Self::BrokenPointer { key, source },
        }
    }
}

/// Reads an immutable document and holds it against its name.
pub(crate) async fn read_document(
    store: &dyn ReadStore,
    key: &str,
    id: &ObjectId,
) -> Result<Document, ReadError> {
    let stored = store.read(&ObjectRef::newest(key), id.stored_limit()).await?;
    Ok(Document { bytes: id.unpack(&stored)?, stored: stored.into() })
}

/// An immutable document: as it is, and compressed as the store has it.
pub(crate) struct Document {
    pub(crate) bytes: Vec<u8>,
    pub(crate) stored: Vec<u8>,
}

/// Reads an immutable document for a publisher, also where somebody has deleted or overwritten its
/// key: the bucket keeps what was there, and the digest tells which version is right. `None` where none
/// is left.
pub(crate) async fn find_document(
    store: &dyn WriteStore,
    key: &str,
    id: &ObjectId,
) -> Result<Option<FoundDocument>, ReadError> {
    if let Some(document) = unless_lost(read_document(store, key, id).await)? {
        return Ok(Some(FoundDocument { document, is_in_place: true }));
    }
    for version in store.versions(key).await? {
        let stored = store.read(&ObjectRef::at(key, version.version), id.stored_limit()).await;
        let document = stored
            .map_err(ReadError::from)
            .and_then(|stored| Ok(Document { bytes: id.unpack(&stored)?, stored: stored.into() }));
        if let Some(document) = unless_lost(document)? {
            return Ok(Some(FoundDocument { document, is_in_place: false }));
        }
    }
    Ok(None)
}

/// A document that a publisher has found.
pub(crate) struct FoundDocument {
    pub(crate) document: Document,
    /// Whether players find it as well.
    pub(crate) is_in_place: bool,
}

/// Turns "it is not there" and "it is something else" into `None`.
pub(crate) fn unless_lost<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(ReadError::Format(_)) => Ok(None),
        Err(ReadError::Store(error)) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The manifest that a pointer names; `None` where the store has lost it.
pub(crate) async fn find_manifest(
    store: &dyn WriteStore,
    keys: &Keys,
    named: &PlatformManifest,
) -> Result<Option<Manifest>, ReadError> {
    let document = find_document(store, &keys.manifest(&named.manifest.digest), &named.manifest).await?;
    Ok(document.map(|found| Manifest::decode(&found.document.bytes)).transpose()?)
}

/// Reads a release's 2017 file list.
pub(crate) async fn read_file_list(
    store: &dyn ReadStore,
    keys: &Keys,
    pointer: &Pointer,
) -> Result<FileList2017, ReadError> {
    let object = ObjectRef::at(keys.filedb_2017(), &pointer.filedb_version);
    let bytes = store.read(&object, Limits::FILEDB_2017).await?;
    Ok(FileList2017::decode(&bytes)?)
}

/// What a file's bytes have to be.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Named by a manifest.
    Known(FileEntry),
    /// Named by the 2017 file list: its BLAKE3 is known once it is here.
    Md5(Md5Digest),
}

/// A file that a release wants installed.
#[derive(Debug, Clone)]
pub(crate) struct WantedFile {
    pub(crate) path: RelPath,
    pub(crate) size: u64,
    pub(crate) content: Content,
    /// The S3 version that has its bytes.
    pub(crate) version: String,
    /// The name by which a 2017 list knows it, where that is not the path's own.
    listed_as: Option<String>,
}

impl WantedFile {
    /// The BLAKE3 of its bytes, where the release names it.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        match &self.content {
            Content::Known(entry) => Some(&entry.digest),
            Content::Md5(_) => None,
        }
    }

    /// The object that has its bytes.
    pub(crate) fn object(&self, keys: &Keys) -> ObjectRef {
        let key = match &self.listed_as {
            Some(name) => keys.file_2017(name),
            None => keys.file(&self.path),
        };
        ObjectRef::at(key, &self.version)
    }
}

/// A release as an update needs it.
#[derive(Debug)]
pub(crate) struct WantedRelease {
    pub(crate) channel: Channel,
    pub(crate) epoch: u64,
    pub(crate) number: u64,
    pub(crate) notes: String,
    pub(crate) made_by_2017: bool,
    /// The name of the manifest; `None` for a 2017 release.
    pub(crate) manifest: Option<Digest>,
    /// Its documents, byte by byte as they were published: a newer Naru may have written more into
    /// them than this one reads. `None` for a 2017 release.
    pub(crate) documents: Option<Documents>,
    pub(crate) files: Vec<WantedFile>,
    pub(crate) preserve: Vec<String>,
    pub(crate) config: Vec<String>,
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
    let document = read_document(&*store, &keys.manifest(&named.manifest.digest), &named.manifest).await?;
    let places = read_document(&*store, &keys.locations(&named.locations.digest), &named.locations).await?;
    let manifest = Manifest::decode(&document.bytes)?;
    let locations = Locations::decode(&places.bytes, &manifest, &named.manifest.digest)?;
    Ok(WantedRelease {
        channel: release.channel.clone(),
        epoch: release.epoch,
        number: release.number,
        notes: release.notes.clone(),
        made_by_2017: false,
        manifest: Some(named.manifest.digest),
        documents: Some(Documents { manifest: document.stored, locations: places.stored }),
        files: wanted_files(&manifest, locations.versions()),
        preserve: manifest.preserve().to_vec(),
        config: manifest.config().to_vec(),
        refused: Vec::new(),
    })
}

/// The files of a manifest with the places of their bytes.
pub(crate) fn wanted_files(manifest: &Manifest, versions: &[String]) -> Vec<WantedFile> {
    let pairs = manifest.files().iter().zip(versions);
    let wanted = |(entry, version): (&FileEntry, &String)| WantedFile {
        path: entry.path.clone(),
        size: entry.size,
        content: Content::Known(entry.clone()),
        version: version.clone(),
        listed_as: None,
    };
    pairs.map(wanted).collect()
}

async fn read_release_2017(
    store: Arc<dyn ReadStore>,
    wanted: &Wanted,
    pointer: &Pointer,
) -> Result<WantedRelease, ReadError> {
    let keys = &wanted.keys;
    let list = read_file_list(&*store, keys, pointer).await?;
    let files = list.iter().map(|(path, record)| {
        let file = WantedFile {
            path: path.clone(),
            size: 0,
            content: Content::Md5(record.checksum),
            version: record.s3_versionid.clone(),
            listed_as: record.listed_as.clone(),
        };
        sized(Arc::clone(&store), file.object(keys), file)
    });
    let files: Vec<WantedFile> =
        stream::iter(files.collect::<Vec<_>>()).buffered(CONCURRENT_STATS).try_collect().await?;
    check_total(files.iter().map(|file| file.size))?;
    Ok(WantedRelease {
        channel: wanted.channel.clone(),
        epoch: 0,
        number: pointer.version,
        notes: String::new(),
        made_by_2017: true,
        manifest: None,
        documents: None,
        files,
        preserve: Vec::new(),
        config: Vec::new(),
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
    file: WantedFile,
) -> Result<WantedFile, StoreError> {
    let Some(stored) = store.stat(&object).await? else {
        return Err(StoreError::new(
            "head",
            object.key,
            FailureKind::NotFound,
            "named by filedb.db but not there",
        ));
    };
    Ok(WantedFile { size: stored.length, ..file })
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
