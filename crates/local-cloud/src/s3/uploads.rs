//! ListParts and ListMultipartUploads.

use s3s::dto::*;
use s3s::{S3Result, s3_error};

use super::S3Api;
use super::checksums::with_checksum;
use super::listing::Encoder;
use crate::clock;
use crate::index::records;

impl S3Api {
    pub(super) fn list_upload_parts(&self, input: ListPartsInput) -> S3Result<ListPartsOutput> {
        let upload = self.open_upload(&input.bucket, &input.key, &input.upload_id)?;
        let max = input.max_parts.unwrap_or(1000).clamp(0, 1000);
        let after = input.part_number_marker.unwrap_or(0);
        let mut parts = self.storage.index.parts(&upload.id, after, i64::from(max) + 1)?;
        let truncated = parts.len() > max.unsigned_abs() as usize;
        parts.truncate(max.unsigned_abs() as usize);
        Ok(ListPartsOutput {
            bucket: Some(input.bucket),
            checksum_algorithm: upload.algorithm.map(ChecksumAlgorithm::from),
            is_truncated: Some(truncated),
            key: Some(input.key),
            max_parts: Some(max),
            next_part_number_marker: parts.last().map(|part| part.number),
            part_number_marker: Some(after),
            parts: Some(parts.into_iter().map(part).collect()),
            storage_class: Some(StorageClass::from(upload.headers.storage_class().to_owned())),
            upload_id: Some(input.upload_id),
            ..ListPartsOutput::default()
        })
    }

    pub(super) fn list_uploads(
        &self,
        input: ListMultipartUploadsInput,
    ) -> S3Result<ListMultipartUploadsOutput> {
        self.require_bucket(&input.bucket)?;
        if input.delimiter.as_ref().is_some_and(|text| !text.is_empty()) {
            return Err(s3_error!(NotImplemented, "A delimiter in ListMultipartUploads is not implemented."));
        }
        let encode = Encoder::of(input.encoding_type.as_ref())?;
        let max = input.max_uploads.unwrap_or(1000).clamp(0, 1000);
        let prefix = input.prefix.clone().unwrap_or_default();
        let key = input.key_marker.clone().unwrap_or_default();
        // Without an upload id the marker means all uploads of that key.
        let id = match input.upload_id_marker.clone() {
            Some(id) if !id.is_empty() => id,
            _ => char::MAX.to_string(),
        };
        let mut uploads =
            self.storage.index.uploads(&input.bucket, &prefix, (&key, &id), i64::from(max) + 1)?;
        let truncated = uploads.len() > max.unsigned_abs() as usize;
        uploads.truncate(max.unsigned_abs() as usize);
        let last = uploads.last().filter(|_| truncated);
        Ok(ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            encoding_type: input.encoding_type,
            is_truncated: Some(truncated),
            key_marker: Some(encode.text(&key)),
            max_uploads: Some(max),
            next_key_marker: last.map(|upload| encode.text(&upload.key)),
            next_upload_id_marker: last.map(|upload| upload.id.clone()),
            prefix: Some(encode.text(&prefix)),
            upload_id_marker: input.upload_id_marker,
            uploads: Some(uploads.iter().map(|row| upload(encode, row)).collect()),
            ..ListMultipartUploadsOutput::default()
        })
    }
}

fn part(row: records::Part) -> Part {
    let output = Part {
        e_tag: Some(ETag::Strong(row.md5)),
        last_modified: Some(clock::system_time(row.modified).into()),
        part_number: Some(row.number),
        size: Some(row.size.cast_signed()),
        ..Part::default()
    };
    with_checksum!(output, row.checksum)
}

fn upload(encode: Encoder, row: &records::Upload) -> MultipartUpload {
    MultipartUpload {
        initiated: Some(clock::system_time(row.initiated).into()),
        key: Some(encode.text(&row.key)),
        storage_class: Some(StorageClass::from(row.headers.storage_class().to_owned())),
        upload_id: Some(row.id.clone()),
        ..MultipartUpload::default()
    }
}
