//! Signed bytes: verify first, then parse exactly those bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::FormatError;

/// A payload with the signatures over it, in the manner of DSSE (secure-systems-lab/dsse).
///
/// The payload is base64 so that the signed bytes are the parsed bytes: there is no
/// canonical form to disagree about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    payload: String,
    /// Signatures over the payload. Empty until signing is switched on (docs/known-limits.md, 1).
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

/// One signature of an [`Envelope`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Which key made it.
    pub keyid: String,
    /// The signature, base64.
    pub sig: String,
}

impl Envelope {
    /// Wraps bytes without a signature.
    pub fn unsigned(payload: &[u8]) -> Self {
        Self { payload: STANDARD.encode(payload), signatures: Vec::new() }
    }

    /// The exact bytes that the signatures are over.
    pub fn payload(&self) -> Result<Vec<u8>, FormatError> {
        STANDARD.decode(&self.payload).map_err(|error| FormatError::new("envelope", error))
    }
}
