//! GetObjectAttributes, and the parts that an object was uploaded in.

use s3s::dto::*;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::S3Api;
use super::checksums::with_checksum;
use crate::checksum::StoredChecksum;
use crate::clock;
use crate::index::records::{StoredPart, Version};

/// One part of an object, as `?partNumber=` asks for it.
pub(super) struct PartOfObject {
    pub(super) bytes: std::ops::Range<u64>,
    pub(super) checksum: Option<StoredChecksum>,
    /// How many parts there are; nothing of an object that was put as a whole.
    pub(super) count: Option<i32>,
}

/// Finds a part of a version. An object that was put as a whole is its own first part.
pub(super) fn part(version: &Version, number: i32) -> S3Result<PartOfObject> {
    if !(1..=10_000).contains(&number) {
        return Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        ));
    }
    let parts = &version.headers.parts;
    if parts.is_empty() {
        return part_of_whole(version, number);
    }
    let at = number.unsigned_abs() as usize - 1;
    let part = parts.get(at).ok_or_else(no_such_part)?;
    let start: u64 = parts.iter().take(at).map(|part| part.size).sum();
    Ok(PartOfObject {
        bytes: start..start + part.size,
        checksum: part.checksum.clone(),
        count: i32::try_from(parts.len()).ok(),
    })
}

fn part_of_whole(version: &Version, number: i32) -> S3Result<PartOfObject> {
    // Data folders from before parts were kept have multipart objects without them.
    if version.etag.contains('-') {
        return Err(s3_error!(NotImplemented, "The parts of this object are not known any more."));
    }
    match number {
        1 => Ok(PartOfObject { bytes: 0..version.size, checksum: version.checksum.clone(), count: None }),
        _ => Err(no_such_part()),
    }
}

fn no_such_part() -> S3Error {
    let code = S3ErrorCode::Custom("InvalidPartNumber".into());
    let mut error = S3Error::with_message(code, "The requested partnumber is not satisfiable");
    error.set_status_code(hyper::StatusCode::RANGE_NOT_SATISFIABLE);
    error
}

impl S3Api {
    pub(super) fn object_attributes(
        &self,
        input: &GetObjectAttributesInput,
    ) -> S3Result<GetObjectAttributesOutput> {
        let (version, _) = self.readable(&input.bucket, &input.key, input.version_id.as_deref())?;
        // Clients send a header for each, or one with commas, which `s3s` leaves as it is.
        let asked = || input.object_attributes.iter().flat_map(|attributes| attributes.as_str().split(','));
        let wants = |name| asked().any(|attribute| attribute.trim() == name);
        Ok(GetObjectAttributesOutput {
            checksum: version
                .checksum
                .as_ref()
                .filter(|_| wants(ObjectAttributes::CHECKSUM))
                .map(StoredChecksum::to_dto),
            e_tag: wants(ObjectAttributes::ETAG).then(|| ETag::Strong(version.etag.clone())),
            last_modified: Some(clock::system_time(version.modified).into()),
            object_parts: wants(ObjectAttributes::OBJECT_PARTS).then(|| parts(input, &version)).flatten(),
            object_size: wants(ObjectAttributes::OBJECT_SIZE).then_some(version.size.cast_signed()),
            storage_class: wants(ObjectAttributes::STORAGE_CLASS)
                .then(|| StorageClass::from(version.headers.storage_class().to_owned())),
            version_id: Some(version.id),
            ..GetObjectAttributesOutput::default()
        })
    }
}

fn parts(input: &GetObjectAttributesInput, version: &Version) -> Option<GetObjectAttributesParts> {
    let all = &version.headers.parts;
    if all.is_empty() {
        return None;
    }
    let max = input.max_parts.unwrap_or(1000).clamp(0, 1000);
    let after = input.part_number_marker.unwrap_or(0);
    let numbered = (1..).zip(all).filter(|(number, _)| *number > after);
    let page: Vec<(i32, &StoredPart)> = numbered.take(max.unsigned_abs() as usize).collect();
    let last = page.last().map_or(after, |(number, _)| *number);
    Some(GetObjectAttributesParts {
        is_truncated: Some((last.unsigned_abs() as usize) < all.len()),
        max_parts: Some(max),
        next_part_number_marker: Some(last),
        part_number_marker: Some(after),
        // S3 lists parts of objects with checksums of their parts alone.
        parts: all
            .iter()
            .all(|part| part.checksum.is_some())
            .then(|| page.into_iter().map(|(number, part)| listed(number, part)).collect()),
        total_parts_count: i32::try_from(all.len()).ok(),
    })
}

fn listed(number: i32, part: &StoredPart) -> ObjectPart {
    let listed = ObjectPart {
        part_number: Some(number),
        size: Some(part.size.cast_signed()),
        ..ObjectPart::default()
    };
    with_checksum!(listed, part.checksum.as_ref())
}
