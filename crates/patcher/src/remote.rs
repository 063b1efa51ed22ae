//! Reading the documents of a release from a store.

use futures::stream::StreamExt;
use naru_protocol::{FileList2017, FormatError, Keys, Limits, Manifest, ObjectId, PlatformManifest, Pointer};
use naru_store::{FailureKind, ObjectRef, ReadStore, StoreError, WriteStore};

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

/// A pointer before it is validated.
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

/// Reads an immutable document for a publisher, even if its key was deleted or overwritten: the bucket
/// keeps the versions, and the digest identifies the right one. `None` if it is not among them.
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
