//! What the pool's login tokens say: the backend gets them, players present them.

use serde::{Deserialize, Serialize};

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
    pub(super) fn new(
        identity: &str,
        pool: &str,
        (provider, detail): (&str, String),
        (now, lifetime): (i64, i64),
    ) -> Claims {
        Claims {
            sub: identity.to_owned(),
            aud: pool.to_owned(),
            iss: ISSUER.to_owned(),
            amr: vec!["authenticated".to_owned(), provider.to_owned(), detail],
            exp: now + lifetime,
            iat: now,
        }
    }
}
