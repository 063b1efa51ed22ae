//! Random names in the shapes that AWS uses.

const VERSION: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE62: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const HEX: &[u8] = b"0123456789abcdef";

/// A version id, like `3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY`.
pub(crate) fn version_id() -> String {
    random(VERSION, 32)
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

/// A secret key of 40 characters.
pub(crate) fn secret_key() -> String {
    random(BASE62, 40)
}

/// A session token; real ones are some hundred characters as well.
pub(crate) fn session_token() -> String {
    random(BASE62, 356)
}

/// A version 4 UUID in text.
pub(crate) fn uuid() -> String {
    let parts = [8, 3, 3, 12].map(|length| random(HEX, length));
    format!(
        "{}-{}-4{}-8{}-{}",
        parts[0],
        random(HEX, 4),
        parts[1],
        parts[2],
        parts[3]
    )
}

fn random(alphabet: &[u8], length: usize) -> String {
    (0..length)
        .map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())]))
        .collect()
}
