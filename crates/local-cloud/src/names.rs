//! Random names in AWS's formats. Only secrets use the system's randomness.

use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

const VERSION: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
const VERSION_LENGTH: usize = 32;
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";

/// A version id, like `3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY`.
pub(crate) fn version_id() -> String {
    random(VERSION, VERSION_LENGTH)
}

/// Parses a version id of a URL; `None` if it is malformed.
pub(crate) fn read_version_id(encoded: &str) -> Option<String> {
    let id = percent_decode_str(encoded).decode_utf8().ok()?;
    let has_form = id.len() == VERSION_LENGTH && id.bytes().all(|byte| VERSION.contains(&byte));
    // `null` is the version of an object from before the bucket kept versions.
    (has_form || id == "null").then(|| id.into_owned())
}

/// An upload id of a multipart upload.
pub(crate) fn upload_id() -> String {
    random(BASE62, 64)
}

/// The name of a file of bytes.
pub(crate) fn blob_id() -> String {
    random(HEX, 32)
}

/// An invalidation id, like `I2J0I21PCUYOIK`.
pub(crate) fn invalidation_id() -> String {
    format!("I{}", random(UPPER, 13))
}

/// A temporary access key: those of AWS begin with `ASIA`.
pub(crate) fn temporary_access_key() -> String {
    format!("ASIA{}", random(UPPER, 16))
}

/// The stored digest of a token.
pub(crate) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Unguessable hex digits.
pub(crate) fn secret(length: usize) -> Result<String, getrandom::Error> {
    let mut bytes = vec![0; length.div_ceil(2)];
    getrandom::fill(&mut bytes)?;
    let mut text = hex::encode(bytes);
    text.truncate(length);
    Ok(text)
}

/// A version 4 UUID in text.
pub(crate) fn uuid() -> String {
    let parts = [8, 3, 3, 12].map(|length| random(HEX, length));
    format!("{}-{}-4{}-8{}-{}", parts[0], random(HEX, 4), parts[1], parts[2], parts[3])
}

fn random(alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())])).collect()
}
