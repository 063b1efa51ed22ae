//! Making one object of the parts that the client names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::{CompleteMultipartUploadInput, CompletedPart};
use s3s::{S3Error, S3Result, s3_error};

use super::super::checksums::bad_digest;
use crate::checksum::{Algorithm, StoredChecksum};
use crate::index::records::{Part, StoredHeaders, StoredPart, Upload};
use crate::index::versions::NewVersion;
use crate::storage::Storage;

/// The least size of every part but the last: 5 MiB.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>
const LEAST_PART: u64 = 5 << 20;

/// The most parts that one upload may have.
const MOST_PARTS: i64 = 10_000;

/// Bytes of one read while hashing.
const CHUNK: usize = 1 << 20;

/// What the client asks to be made.
pub(super) struct Order {
    parts: Vec<Wanted>,
    /// The checksum that the whole must have.
    expected: Option<String>,
    size: Option<i64>,
    algorithm: Option<Algorithm>,
}

struct Wanted {
    number: i32,
    etag: String,
    checksum: Option<String>,
}

impl Order {
    pub(super) fn read(input: &CompleteMultipartUploadInput, upload: &Upload) -> S3Result<Order> {
        let algorithm = upload.algorithm.as_deref().and_then(Algorithm::by_name);
        let listed = input
            .multipart_upload
            .as_ref()
            .and_then(|upload| upload.parts.as_ref())
            .filter(|parts| !parts.is_empty())
            .ok_or_else(|| s3_error!(MalformedXML, "You must specify at least one part"))?;
        let parts: Vec<Wanted> =
            listed.iter().map(|part| Wanted::read(part, algorithm)).collect::<S3Result<_>>()?;
        if !parts.is_sorted_by(|a, b| a.number < b.number) {
            return Err(s3_error!(
                InvalidPartOrder,
                "The list of parts was not in ascending order. Parts must be ordered by part number."
            ));
        }
        let sums = [
            (Algorithm::Crc32, &input.checksum_crc32),
            (Algorithm::Crc32c, &input.checksum_crc32c),
            (Algorithm::Crc64nvme, &input.checksum_crc64nvme),
            (Algorithm::Sha1, &input.checksum_sha1),
            (Algorithm::Sha256, &input.checksum_sha256),
        ];
        Ok(Order { parts, expected: pick(sums, algorithm), size: input.mpu_object_size, algorithm })
    }
}

impl Wanted {
    fn read(part: &CompletedPart, algorithm: Option<Algorithm>) -> S3Result<Wanted> {
        let (Some(number), Some(etag)) = (part.part_number, &part.e_tag) else {
            return Err(s3_error!(MalformedXML, "A part needs a number and an ETag."));
        };
        let sums = [
            (Algorithm::Crc32, &part.checksum_crc32),
            (Algorithm::Crc32c, &part.checksum_crc32c),
            (Algorithm::Crc64nvme, &part.checksum_crc64nvme),
            (Algorithm::Sha1, &part.checksum_sha1),
            (Algorithm::Sha256, &part.checksum_sha256),
        ];
        Ok(Wanted { number, etag: etag.value().to_owned(), checksum: pick(sums, algorithm) })
    }

    fn is(&self, part: &Part) -> bool {
        let sum = part.checksum.as_ref().map(|checksum| &checksum.value);
        part.md5 == self.etag && (self.checksum.is_none() || self.checksum.as_ref() == sum)
    }
}

fn pick(sums: [(Algorithm, &Option<String>); 5], wanted: Option<Algorithm>) -> Option<String> {
    sums.into_iter().find(|(algorithm, _)| Some(*algorithm) == wanted).and_then(|(_, value)| value.clone())
}

/// Joins the parts into a new blob.
pub(super) fn assemble(
    storage: &Storage,
    bucket: &str,
    upload: &Upload,
    order: &Order,
) -> S3Result<NewVersion> {
    let parts = find_parts(storage, upload, order)?;
    let size = parts.iter().map(|part| part.size).sum::<u64>();
    if order.size.is_some_and(|wanted| wanted != size.cast_signed()) {
        return Err(s3_error!(
            InvalidRequest,
            "The provided 'x-amz-mp-object-size' header does not match what was computed"
        ));
    }
    let (blob, checksum) = join(storage, upload, order, &parts)?;
    let kept = parts.iter().map(|part| StoredPart { size: part.size, checksum: part.checksum.clone() });
    Ok(NewVersion {
        bucket: bucket.to_owned(),
        key: upload.key.clone(),
        blob,
        size,
        etag: etag(&parts),
        checksum,
        headers: StoredHeaders { parts: kept.collect(), ..upload.headers.clone() },
    })
}

fn find_parts(storage: &Storage, upload: &Upload, order: &Order) -> S3Result<Vec<Part>> {
    let stored = storage.index.parts(&upload.id, 0, MOST_PARTS)?;
    let find = |wanted: &Wanted| {
        let at = stored.binary_search_by_key(&wanted.number, |part| part.number);
        at.ok().and_then(|at| stored.get(at)).filter(|part| wanted.is(part)).cloned().ok_or_else(invalid_part)
    };
    let parts: Vec<Part> = order.parts.iter().map(find).collect::<S3Result<_>>()?;
    let all_but_last = parts.split_last().map_or(&[][..], |(_, rest)| rest);
    if all_but_last.iter().any(|part| part.size < LEAST_PART) {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    Ok(parts)
}

fn invalid_part() -> S3Error {
    s3_error!(
        InvalidPart,
        "One or more of the specified parts could not be found. The part may not have been \
         uploaded, or the specified entity tag may not match the part's entity tag."
    )
}

/// MD5 of the parts' MD5s, and how many there were.
fn etag(parts: &[Part]) -> String {
    let mut md5 = Md5::new();
    for part in parts {
        md5.update(&hex::decode(&part.md5).unwrap_or_default());
    }
    format!("{}-{}", hex::encode(md5.finalize()), parts.len())
}

fn join(
    storage: &Storage,
    upload: &Upload,
    order: &Order,
    parts: &[Part],
) -> S3Result<(String, Option<StoredChecksum>)> {
    let mut writer = storage.blobs.create()?;
    let mut hasher = order.algorithm.filter(|_| !upload.composite).map(Algorithm::hasher);
    for part in parts {
        let mut source = storage.blobs.open_blob(&part.blob)?;
        match &mut hasher {
            None => writer.append_file(&mut source)?,
            Some(hasher) => writer.append_hashed(&mut source, CHUNK, |bytes| hasher.update(bytes))?,
        }
    }
    let checksum =
        match (order.algorithm, hasher) {
            (Some(algorithm), Some(hasher)) => algorithm
                .value(hasher.finalize())
                .map(|value| StoredChecksum { algorithm, value, composite: false }),
            (Some(algorithm), None) => composite(algorithm, parts),
            (None, _) => None,
        };
    match (&order.expected, &checksum) {
        (Some(expected), Some(checksum)) if checksum.value != *expected => {
            Err(bad_digest(checksum.algorithm.name()))
        }
        _ => Ok((writer.finish()?, checksum)),
    }
}

/// The checksum of the parts' checksums; none when a part came without.
fn composite(algorithm: Algorithm, parts: &[Part]) -> Option<StoredChecksum> {
    let mut hasher = algorithm.hasher();
    for part in parts {
        let checksum = part.checksum.as_ref()?;
        hasher.update(&STANDARD.decode(&checksum.value).ok()?);
    }
    let value = algorithm.value(hasher.finalize())?;
    Some(StoredChecksum { algorithm, value: format!("{value}-{}", parts.len()), composite: true })
}
