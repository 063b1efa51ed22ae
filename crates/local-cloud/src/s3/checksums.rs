//! Content-MD5 and `x-amz-checksum-*`: what the client says its bytes are, held against them.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::HeaderMap;
use s3s::checksum::ChecksumHasher;
use s3s::{S3Error, S3Result, TrailingHeaders, s3_error};

use crate::checksum::{Algorithm, StoredChecksum};
use crate::intake::Received;

/// What a request says about its body.
#[derive(Debug)]
pub(super) struct Declared {
    md5: Option<Vec<u8>>,
    checksum: Option<Announced>,
}

#[derive(Debug)]
enum Announced {
    /// In a header.
    Value(Algorithm, String),
    /// After the body.
    Trailer(Algorithm),
}

impl Declared {
    /// Reads the headers of a request.
    pub(super) fn from_headers(headers: &HeaderMap) -> S3Result<Declared> {
        let md5 = header(headers, "content-md5").map(parse_md5).transpose()?;
        let checksum = match (value(headers)?, trailer(headers)) {
            (Some((algorithm, value)), None) => Some(Announced::Value(algorithm, value)),
            (None, Some(algorithm)) => Some(Announced::Trailer(algorithm)),
            (None, None) => None,
            (Some(_), Some(_)) => return Err(several()),
        };
        Ok(Declared { md5, checksum })
    }

    /// The hasher that the check will need.
    pub(super) fn hasher(&self) -> ChecksumHasher {
        match self.checksum {
            Some(Announced::Value(algorithm, _) | Announced::Trailer(algorithm)) => algorithm.hasher(),
            None => ChecksumHasher::default(),
        }
    }

    /// Refuses a body that is not what was declared; gives the checksum to keep.
    pub(super) fn verify(
        &self,
        received: &Received,
        trailers: Option<&TrailingHeaders>,
    ) -> S3Result<Option<StoredChecksum>> {
        if self.md5.as_ref().is_some_and(|md5| *md5 != received.md5) {
            return Err(bad_digest("Content-MD5"));
        }
        let (algorithm, expected) = match &self.checksum {
            None => return Ok(None),
            Some(Announced::Value(algorithm, value)) => (*algorithm, value.clone()),
            Some(Announced::Trailer(algorithm)) => (*algorithm, from_trailer(trailers, *algorithm)?),
        };
        if algorithm.value(received.checksums.clone()).as_ref() != Some(&expected) {
            return Err(bad_digest(algorithm.name()));
        }
        Ok(Some(StoredChecksum { algorithm, value: expected, composite: false }))
    }
}

fn value(headers: &HeaderMap) -> S3Result<Option<(Algorithm, String)>> {
    let mut found = Algorithm::ALL
        .into_iter()
        .filter_map(|algorithm| Some((algorithm, header(headers, algorithm.header())?)));
    let first = found.next();
    if found.next().is_some() {
        return Err(several());
    }
    first.map(|(algorithm, value)| Ok((algorithm, check_form(algorithm, value)?))).transpose()
}

fn trailer(headers: &HeaderMap) -> Option<Algorithm> {
    let names = header(headers, "x-amz-trailer")?;
    Algorithm::ALL
        .into_iter()
        .find(|algorithm| names.split(',').any(|name| name.trim().eq_ignore_ascii_case(algorithm.header())))
}

fn from_trailer(trailers: Option<&TrailingHeaders>, algorithm: Algorithm) -> S3Result<String> {
    let value = trailers
        .and_then(|trailers| trailers.read(|headers| header(headers, algorithm.header()).map(str::to_owned)));
    match value.flatten() {
        Some(value) => check_form(algorithm, &value),
        None => Err(s3_error!(
            InvalidRequest,
            "The trailer {} was announced and did not come.",
            algorithm.header()
        )),
    }
}

fn check_form(algorithm: Algorithm, value: &str) -> S3Result<String> {
    match STANDARD.decode(value) {
        Ok(bytes) if bytes.len() == algorithm.length() => Ok(value.to_owned()),
        _ => Err(s3_error!(InvalidRequest, "Value for {} header is invalid.", algorithm.header())),
    }
}

fn parse_md5(value: &str) -> S3Result<Vec<u8>> {
    match STANDARD.decode(value) {
        Ok(bytes) if bytes.len() == 16 => Ok(bytes),
        _ => Err(s3_error!(InvalidDigest, "The Content-MD5 you specified was invalid.")),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

pub(super) fn bad_digest(name: &str) -> S3Error {
    s3_error!(BadDigest, "The {name} you specified did not match the calculated checksum.")
}

fn several() -> S3Error {
    s3_error!(
        InvalidRequest,
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
    )
}

/// Fills the five checksum fields of S3's answers.
macro_rules! with_checksum {
    ($output:expr, $checksum:expr) => {{
        let mut output = $output;
        if let Some(checksum) = $checksum {
            let fields = checksum.to_dto();
            output.checksum_crc32 = fields.checksum_crc32;
            output.checksum_crc32c = fields.checksum_crc32c;
            output.checksum_crc64nvme = fields.checksum_crc64nvme;
            output.checksum_sha1 = fields.checksum_sha1;
            output.checksum_sha256 = fields.checksum_sha256;
        }
        output
    }};
}
pub(super) use with_checksum;
