//! The login tokens that the pool gives to the backend and takes from players.
//!
//! A JWT signed with HMAC-SHA256 and a key that never leaves the data folder: only this process
//! makes and checks them.

use std::fs;
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use serde::{Deserialize, Serialize};

use crate::error::StorageError;
use crate::names;
use crate::sigv4::hmac;

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The issuer, as in Cognito's own tokens.
const ISSUER: &str = "https://cognito-identity.amazonaws.com";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The identity.
    pub(crate) sub: String,
    /// The pool.
    pub(crate) aud: String,
    iss: String,
    amr: Vec<String>,
    /// Seconds since 1970.
    pub(crate) exp: i64,
    iat: i64,
}

impl Claims {
    pub(super) fn new(identity: &str, pool: &str, provider: &str, (now, lifetime): (i64, i64)) -> Claims {
        Claims {
            sub: identity.to_owned(),
            aud: pool.to_owned(),
            iss: ISSUER.to_owned(),
            amr: vec!["authenticated".to_owned(), provider.to_owned()],
            exp: now + lifetime,
            iat: now,
        }
    }
}

/// The key that signs.
#[derive(Clone)]
pub(crate) struct TokenKey(Vec<u8>);

impl TokenKey {
    /// Reads the key of a data folder, or makes one.
    pub(crate) fn open(data: &Path) -> Result<TokenKey, StorageError> {
        let path = data.join("identity.key");
        if let Ok(text) = fs::read_to_string(&path)
            && text.len() == 64
        {
            return Ok(TokenKey(text.into_bytes()));
        }
        let text = names::secret(64)?;
        let temp = data.join("identity.key.new");
        let mut file = fs::File::create(&temp).map_err(StorageError::io(&temp))?;
        file.write_all(text.as_bytes()).map_err(StorageError::io(&temp))?;
        fs::rename(&temp, &path).map_err(StorageError::io(&path))?;
        Ok(TokenKey(text.into_bytes()))
    }

    /// Makes a token.
    pub(super) fn sign(&self, claims: &Claims) -> Result<String, serde_json::Error> {
        let header = URL_SAFE_NO_PAD.encode(HEADER);
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?);
        let signed = format!("{header}.{claims}");
        let signature = hmac(&self.0, &signed).finalize().into_bytes();
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Reads a token that this key signed. The caller looks at the time.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac(&self.0, signed).verify_slice(&signature).ok()?;
        let (header, claims) = signed.split_once('.')?;
        // One key, one algorithm: a header that says another has no meaning here.
        (header == URL_SAFE_NO_PAD.encode(HEADER)).then_some(())?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_of_this_key_is_read() {
        let key = TokenKey(b"one".to_vec());
        let claims = Claims::new("region:id", "pool", "login", (1000, 60));
        let token = key.sign(&claims).unwrap_or_default();
        assert_eq!(key.read(&token), Some(claims));
        assert_eq!(TokenKey(b"two".to_vec()).read(&token), None);
        assert_eq!(key.read("garbage"), None);
        let unsigned = token.rsplit_once('.').map_or("", |(signed, _)| signed);
        assert_eq!(key.read(&format!("{unsigned}.")), None);
    }
}
