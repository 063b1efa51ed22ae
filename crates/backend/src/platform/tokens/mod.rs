//! Who sends a request: the check of bearer tokens, and of signed tokens at all.

mod claims;
mod cognito;
mod key_sets;
pub(crate) mod signature;

use async_trait::async_trait;

use super::PlayerId;

pub use claims::SignedTokenError;
pub(crate) use claims::{Claims, Expected};
pub use cognito::CognitoTokens;
pub use key_sets::KeySets;

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The token is not valid: signature, issuer, audience, form. The reason has nothing of the
    /// token in it, so that it can be logged.
    #[error("the token is not valid: {0}")]
    Refused(String),
    /// It was valid once.
    #[error("the token has expired")]
    Expired,
    /// The keys that would tell can't be had now.
    #[error("the token can't be checked now: {0}")]
    Unavailable(String),
}

/// Checks the bearer token of a request.
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// The player that the token names.
    async fn verify(&self, bearer: &str) -> Result<PlayerId, TokenError>;
}
