//! Why a login failed. Nothing in these errors is secret, so all of it can be logged.

use crate::platform::{ProviderError, ProviderRefusal, SignedTokenError};

/// Why a login failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// There is no such row in the table.
    #[error("there is no login provider {0:?} here")]
    UnknownProvider(String),
    /// The provider does not take the code, the verifier or the address.
    #[error("the provider refused the code: {0}")]
    Code(ProviderRefusal),
    /// The refresh token has expired, was replaced or taken back, or was given to another app.
    #[error("the provider refused the refresh token: {0}")]
    Refresh(ProviderRefusal),
    /// The provider does not know this backend: a setting is wrong.
    #[error("the provider refused this backend: {0}")]
    Client(ProviderRefusal),
    /// The provider does not take the access token.
    #[error("the provider refused the access token: {0}")]
    AccessToken(ProviderRefusal),
    /// The ID token does not count.
    #[error("the ID token is refused: {0}")]
    IdToken(#[from] SignedTokenError),
    /// The token was given to another app: its owner is tricking the player, or a bug.
    #[error("the access token belongs to app {found}, and ours is {ours}")]
    App {
        /// Our `app_id`.
        ours: u64,
        /// The one that the token names.
        found: u64,
    },
    /// Two sources name two players.
    #[error("the access token belongs to another player than the one that was named")]
    Player,
    /// This provider gives no ID token, and its access tokens can't be checked.
    #[error("the provider gave no ID token")]
    NoIdToken,
    /// The provider is not well.
    #[error("the provider gave no answer that counts: {0}")]
    Provider(#[from] ProviderError),
    /// The provider is fine; Cognito gave no identity.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Why Cognito gave no identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// Too many at once.
    #[error("Cognito asks for fewer requests")]
    Busy,
    /// It can't be reached, or took too long.
    #[error("Cognito can't be reached")]
    Down,
    /// It refused: a setting or a right is wrong.
    #[error("Cognito refused: {0}")]
    Refused(String),
}
