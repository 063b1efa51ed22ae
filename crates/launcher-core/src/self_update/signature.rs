//! Whether a package is what the studio has signed.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minisign_verify::{PublicKey, Signature};
use semver::Version;

use super::SelfUpdateError;

/// Verifies the bytes, and that they were signed for this version: else an old package with its true
/// signature could be announced as a new one.
pub(crate) fn verify(
    bytes: &[u8],
    signature: &str,
    key: &PublicKey,
    version: &Version,
) -> Result<(), SelfUpdateError> {
    let text = BASE64_STANDARD.decode(signature.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let signature =
        text.and_then(|text| Signature::decode(&text).ok()).ok_or(SelfUpdateError::NoSignature)?;
    key.verify(bytes, &signature, false).map_err(SelfUpdateError::WrongSignature)?;
    // Only now is the comment known to be the signer's.
    let comment = signature.trusted_comment();
    let signed = comment.split('\t').find_map(|field| field.strip_prefix("version:"));
    match signed.map(|text| Version::parse(text.trim_start_matches('v'))) {
        Some(Ok(signed)) if signed == *version => Ok(()),
        _ => Err(SelfUpdateError::OtherVersion { announced: version.clone(), comment: comment.to_owned() }),
    }
}
