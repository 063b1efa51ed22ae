//! The signature of a JSON Web Token.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

use super::{Claims, SignedTokenError};

/// Longer than any real token.
const MOST_BYTES: usize = 16 << 10;

/// The algorithms of login providers. A shared secret is not among them: a public key must never
/// be taken for one.
pub(crate) const PROVIDERS: &[(&str, Algorithm)] =
    &[("RS256", Algorithm::RS256), ("ES256", Algorithm::ES256)];

/// Cognito signs identities with RS512.
pub(crate) const COGNITO: &[(&str, Algorithm)] = &[("RS512", Algorithm::RS512), ("RS256", Algorithm::RS256)];

/// The header of a token. Only a hint: it selects among the allowed algorithms and keys.
pub(crate) struct Header {
    pub(crate) key: Option<String>,
    algorithm: Algorithm,
}

#[derive(Deserialize)]
struct HeaderText {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// Reads the header and refuses any algorithm that is not allowed.
pub(crate) fn header(token: &str, allowed: &[(&str, Algorithm)]) -> Result<Header, SignedTokenError> {
    if token.len() > MOST_BYTES || token.split('.').count() != 3 {
        return Err(SignedTokenError::Malformed);
    }
    let text = token.split('.').next().unwrap_or_default();
    let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| SignedTokenError::Malformed)?;
    let text: HeaderText = serde_json::from_slice(&text).map_err(|_| SignedTokenError::Malformed)?;
    // Extensions that must be understood, and none is (RFC 7515, section 4.1.11).
    if text.crit.is_some() {
        return Err(SignedTokenError::Malformed);
    }
    // The list decides, not the token: `none` and HMAC with our public key as the secret are not on it.
    let found = allowed.iter().find(|(name, _)| *name == text.alg);
    let (_, algorithm) =
        found.ok_or_else(|| SignedTokenError::Algorithm(text.alg.chars().take(20).collect()))?;
    Ok(Header { key: text.kid.map(|kid| kid.chars().take(200).collect()), algorithm: *algorithm })
}

/// The claims of a token that this key signed.
pub(crate) fn verify(token: &str, header: &Header, key: &Jwk) -> Result<Claims, SignedTokenError> {
    if !suits(key, header.algorithm) {
        return Err(SignedTokenError::Signature);
    }
    let key = DecodingKey::from_jwk(key).map_err(|_| SignedTokenError::Signature)?;
    let mut validation = Validation::new(header.algorithm);
    // The claims are checked by `Claims::check`, with their own errors.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    match jsonwebtoken::decode::<Claims>(token, &key, &validation) {
        Ok(token) => Ok(token.claims),
        Err(error) => Err(match error.kind() {
            ErrorKind::Json(_) | ErrorKind::Utf8(_) => SignedTokenError::Malformed,
            _ => SignedTokenError::Signature,
        }),
    }
}

/// A key for encryption, or of another kind, signs nothing.
fn suits(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let kind = matches!(
        (&key.algorithm, algorithm),
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::RS512)
            | (AlgorithmParameters::EllipticCurve(_), Algorithm::ES256)
    );
    signs && kind
}
