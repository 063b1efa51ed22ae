//! What stores speak of.

use bytes::Bytes;
use futures::stream::BoxStream;
use naru_protocol::{Digest, Md5Digest};

use crate::StoreError;

/// An object, and which of its versions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectRef {
    /// The complete key.
    pub key: String,
    /// `None` is the newest version.
    pub version: Option<String>,
}

impl ObjectRef {
    /// The newest version of a key.
    pub fn newest(key: impl Into<String>) -> Self {
        Self { key: key.into(), version: None }
    }

    /// One version of a key.
    pub fn at(key: impl Into<String>, version: impl Into<String>) -> Self {
        Self { key: key.into(), version: Some(version.into()) }
    }
}

/// An object's bytes on their way.
pub struct Body {
    /// How many bytes this body has, as announced. A proxy may hand it on in chunks and without a length.
    pub length: Option<u64>,
    /// How many bytes the whole object has, where the answer says so.
    pub object_length: Option<u64>,
    /// The store's tag of these bytes, with its quotes.
    pub etag: Option<String>,
    /// Which version answered, where the store says so.
    pub version: Option<String>,
    /// The bytes; ends with an error when fewer arrive than were announced. Where nothing was announced,
    /// [`Body::of_length`] checks the expected length.
    pub stream: BoxStream<'static, Result<Bytes, StoreError>>,
}

/// What a store knows of an object without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Length in bytes.
    pub length: u64,
    /// The store's tag, with its quotes.
    pub etag: String,
    /// Which version it is.
    pub version: Option<String>,
    /// The BLAKE3 that the publisher recorded with it (metadata `naru-blake3`).
    pub digest: Option<Digest>,
    /// The MD5 that the publisher recorded with it (metadata `naru-md5`).
    pub md5: Option<Md5Digest>,
}

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The complete key.
    pub key: String,
    /// Length in bytes.
    pub length: u64,
    /// The store's tag, with its quotes.
    pub etag: String,
}

/// One version of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The version id.
    pub version: String,
    /// Length in bytes.
    pub length: u64,
    /// Whether it is what the key answers now.
    pub newest: bool,
}

/// Some of the versions of the objects below a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionPage {
    /// Keys in their order, each with one of its versions, newest first.
    pub versions: Vec<(String, ObjectVersion)>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<VersionMarker>,
}

/// The last version of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionMarker {
    /// Its key.
    pub key: String,
    /// Its version id.
    pub version: String,
}

/// When a write may happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteCondition {
    /// Always.
    None,
    /// Only if the key has no object (`If-None-Match: *`).
    Absent,
    /// Only if the key's tag is still this one (`If-Match`).
    Matches(String),
}

/// What goes with an object's bytes.
#[derive(Debug, Clone, Default)]
pub struct PutOptions {
    /// `Cache-Control` for the edge and for clients.
    pub cache_control: Option<&'static str>,
    /// `Content-Type`; guessed from the key where absent.
    pub content_type: Option<&'static str>,
    /// Recorded as metadata `naru-blake3`, by which a killed publish finds what has arrived.
    pub digest: Option<Digest>,
}

/// The answer to a write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Put {
    /// The version that the store gave, where it keeps versions.
    pub version: Option<String>,
    /// The store's tag, with its quotes.
    pub etag: String,
    /// MD5 of the whole object, computed on the way; `None` for a copy.
    pub md5: Option<Md5Digest>,
}
