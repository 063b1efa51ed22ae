//! ListObjects, ListObjectsV2, ListObjectVersions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::S3Api;
use super::walk::{Page, Place, Walk, after};
use crate::clock;
use crate::index::records::Version;

/// `encoding-type=url` leaves these alone.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'*');

impl S3Api {
    pub(super) async fn list_v1(&self, input: ListObjectsInput) -> S3Result<ListObjectsOutput> {
        let encode = Encoder::of(input.encoding_type.as_ref())?;
        let marker = input.marker.clone().unwrap_or_default();
        let walk = Walk {
            bucket: input.bucket.clone(),
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().filter(|text| !text.is_empty()),
            max: page_size(input.max_keys)?,
            versions: false,
            start: Place::after_marker(&marker, input.delimiter.as_deref()),
        };
        let max = walk.max;
        let page = self.walk(walk).await?;
        Ok(ListObjectsOutput {
            name: Some(input.bucket),
            marker: Some(encode.text(&marker)),
            max_keys: Some(max),
            is_truncated: Some(page.truncated),
            // Without a delimiter S3 gives none: the last key is the marker.
            next_marker: (page.truncated && input.delimiter.is_some())
                .then(|| page.last.as_ref().map(|last| encode.text(&last.key)))
                .flatten(),
            contents: Some(page.rows.iter().map(|row| encode.object(row)).collect()),
            common_prefixes: encode.prefixes(&page),
            prefix: Some(encode.text(&input.prefix.unwrap_or_default())),
            delimiter: input.delimiter.map(|text| encode.text(&text)),
            encoding_type: input.encoding_type,
            ..ListObjectsOutput::default()
        })
    }

    pub(super) async fn list_v2(&self, input: ListObjectsV2Input) -> S3Result<ListObjectsV2Output> {
        let encode = Encoder::of(input.encoding_type.as_ref())?;
        let start = match (&input.continuation_token, &input.start_after) {
            (Some(token), _) => Place::from_key(read_token(token)?),
            (None, Some(key)) if !key.is_empty() => Place::from_key(after(key)),
            (None, _) => Place::default(),
        };
        let walk = Walk {
            bucket: input.bucket.clone(),
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().filter(|text| !text.is_empty()),
            max: page_size(input.max_keys)?,
            versions: false,
            start,
        };
        let max = walk.max;
        let page = self.walk(walk).await?;
        Ok(ListObjectsV2Output {
            name: Some(input.bucket),
            max_keys: Some(max),
            key_count: i32::try_from(page.rows.len() + page.prefixes.len()).ok(),
            continuation_token: input.continuation_token,
            is_truncated: Some(page.truncated),
            next_continuation_token: page.next.as_deref().map(write_token),
            contents: Some(page.rows.iter().map(|row| encode.object(row)).collect()),
            common_prefixes: encode.prefixes(&page),
            prefix: Some(encode.text(&input.prefix.unwrap_or_default())),
            delimiter: input.delimiter.map(|text| encode.text(&text)),
            start_after: input.start_after.map(|text| encode.text(&text)),
            encoding_type: input.encoding_type,
            ..ListObjectsV2Output::default()
        })
    }

    pub(super) async fn list_versions(
        &self,
        input: ListObjectVersionsInput,
    ) -> S3Result<ListObjectVersionsOutput> {
        let encode = Encoder::of(input.encoding_type.as_ref())?;
        let walk = Walk {
            bucket: input.bucket.clone(),
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().filter(|text| !text.is_empty()),
            max: page_size(input.max_keys)?,
            versions: true,
            start: self.version_place(&input)?,
        };
        let max = walk.max;
        let page = self.walk(walk).await?;
        let (versions, markers): (Vec<_>, Vec<_>) = page.rows.iter().partition(|row| row.blob.is_some());
        let next = page.last.as_ref().filter(|_| page.truncated);
        Ok(ListObjectVersionsOutput {
            name: Some(input.bucket),
            max_keys: Some(max),
            is_truncated: Some(page.truncated),
            versions: Some(versions.into_iter().map(|row| encode.version(row)).collect()),
            delete_markers: Some(markers.into_iter().map(|row| encode.marker(row)).collect()),
            common_prefixes: encode.prefixes(&page),
            next_key_marker: next.map(|last| encode.text(&last.key)),
            next_version_id_marker: next.and_then(|last| last.version_id.clone()),
            key_marker: Some(encode.text(&input.key_marker.unwrap_or_default())),
            version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
            prefix: Some(encode.text(&input.prefix.unwrap_or_default())),
            delimiter: input.delimiter.map(|text| encode.text(&text)),
            encoding_type: input.encoding_type,
            ..ListObjectVersionsOutput::default()
        })
    }

    fn version_place(&self, input: &ListObjectVersionsInput) -> S3Result<Place> {
        let marker = input.key_marker.as_deref().unwrap_or_default();
        let Some(id) = input.version_id_marker.as_deref().filter(|id| !id.is_empty()) else {
            return Ok(Place::after_marker(marker, input.delimiter.as_deref()));
        };
        if marker.is_empty() {
            return Err(s3_error!(
                InvalidArgument,
                "A version-id marker cannot be specified without a key marker."
            ));
        }
        // A version that was deleted between two pages: its key is taken from the beginning again
        // rather than losing what was older than it.
        let version = self.storage.index.version(&input.bucket, marker, id)?;
        Ok(Place { key: marker.to_owned(), older_than: version.map(|version| version.seq) })
    }

    async fn walk(&self, walk: Walk) -> S3Result<Page> {
        self.require_bucket(&walk.bucket)?;
        Ok(self.blocking(move |storage| walk.run(&storage.index)).await?)
    }
}

fn page_size(max: Option<i32>) -> S3Result<i32> {
    match max.unwrap_or(1000) {
        max @ 0.. => Ok(max.min(1000)),
        _ => Err(s3_error!(InvalidArgument, "Argument max-keys must be an integer between 0 and 2147483647")),
    }
}

fn write_token(place: &str) -> String {
    URL_SAFE_NO_PAD.encode(place)
}

fn read_token(token: &str) -> S3Result<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| s3_error!(InvalidArgument, "The continuation token provided is incorrect"))
}

/// Writes keys into an answer, as they are or percent-encoded.
#[derive(Clone, Copy)]
pub(super) struct Encoder {
    url: bool,
}

impl Encoder {
    pub(super) fn of(encoding: Option<&EncodingType>) -> S3Result<Encoder> {
        match encoding.map(EncodingType::as_str) {
            None => Ok(Encoder { url: false }),
            Some(EncodingType::URL) => Ok(Encoder { url: true }),
            Some(_) => Err(s3_error!(InvalidArgument, "Invalid Encoding Method specified in Request")),
        }
    }

    pub(super) fn text(self, text: &str) -> String {
        match self.url {
            true => utf8_percent_encode(text, PLAIN).to_string(),
            false => text.to_owned(),
        }
    }

    fn prefixes(self, page: &Page) -> Option<CommonPrefixList> {
        let prefix = |prefix: &String| CommonPrefix { prefix: Some(self.text(prefix)) };
        Some(page.prefixes.iter().map(prefix).collect())
    }

    fn object(self, row: &Version) -> Object {
        Object {
            key: Some(self.text(&row.key)),
            size: Some(row.size.cast_signed()),
            e_tag: Some(ETag::Strong(row.etag.clone())),
            last_modified: Some(clock::system_time(row.modified).into()),
            storage_class: Some(ObjectStorageClass::from(row.headers.storage_class().to_owned())),
            ..Object::default()
        }
    }

    fn version(self, row: &Version) -> ObjectVersion {
        ObjectVersion {
            key: Some(self.text(&row.key)),
            version_id: Some(row.id.clone()),
            is_latest: Some(row.latest),
            size: Some(row.size.cast_signed()),
            e_tag: Some(ETag::Strong(row.etag.clone())),
            last_modified: Some(clock::system_time(row.modified).into()),
            storage_class: Some(ObjectVersionStorageClass::from(row.headers.storage_class().to_owned())),
            ..ObjectVersion::default()
        }
    }

    fn marker(self, row: &Version) -> DeleteMarkerEntry {
        DeleteMarkerEntry {
            key: Some(self.text(&row.key)),
            version_id: Some(row.id.clone()),
            is_latest: Some(row.latest),
            last_modified: Some(clock::system_time(row.modified).into()),
            ..DeleteMarkerEntry::default()
        }
    }
}
