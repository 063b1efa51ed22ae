//! Checks the tokens that Cognito gives to players.

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;

use super::{Expected, KeySets, SignedTokenError, TokenError, TokenVerifier, signature};
use crate::platform::{Clock, PlayerId};

/// The issuer, in every region.
const ISSUER: &str = "https://cognito-identity.amazonaws.com";

/// Players of one identity pool.
#[derive(Clone)]
pub struct CognitoTokens {
    keys: KeySets,
    jwks_url: Url,
    issuers: [String; 1],
    pool: String,
    clock: Arc<dyn Clock>,
}

impl CognitoTokens {
    /// Takes the tokens of `pool`, whose keys are below `endpoint`: Cognito's own address, or that
    /// of a stand-in.
    pub fn new(
        keys: KeySets,
        endpoint: &Url,
        pool: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<CognitoTokens, url::ParseError> {
        let jwks_url = endpoint.join("/.well-known/jwks_uri")?;
        Ok(CognitoTokens { keys, jwks_url, issuers: [ISSUER.to_owned()], pool: pool.to_owned(), clock })
    }
}

#[async_trait]
impl TokenVerifier for CognitoTokens {
    async fn verify(&self, bearer: &str) -> Result<PlayerId, TokenError> {
        let header = signature::header(bearer, signature::COGNITO).map_err(refused)?;
        let key = self.keys.find(&self.jwks_url, header.key.as_deref()).await;
        let key = key.map_err(|error| TokenError::Unavailable(error.to_string()))?;
        let key = key.ok_or_else(|| refused(SignedTokenError::UnknownKey(header.key.clone())))?;
        let claims = signature::verify(bearer, &header, &key).map_err(refused)?;
        let expected = Expected { issuers: &self.issuers, audience: &self.pool, nonce: None };
        let subject = claims.check(expected, self.clock.now().as_second()).map_err(refused)?;
        // Cognito vouches for guests in the same way, when the pool lets guests in: without this, anyone who can
        // reach the pool would be a player.
        if !claims.amr.iter().any(|method| method == "authenticated") {
            return Err(refused(SignedTokenError::Guest));
        }
        PlayerId::parse(subject).map_err(|error| TokenError::Refused(error.to_string()))
    }
}

fn refused(error: SignedTokenError) -> TokenError {
    match error {
        SignedTokenError::Expired(_) => TokenError::Expired,
        error => TokenError::Refused(error.to_string()),
    }
}
