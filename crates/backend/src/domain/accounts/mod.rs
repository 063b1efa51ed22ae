//! Who may log in as whom.

mod claims;
mod error;
mod provider;
mod rows;

pub use claims::{Audience, Claims, Expected, LEEWAY_SECONDS, SignedTokenError};
pub use error::{IdentityError, LoginError, ProviderError, Refusal};
pub use provider::{App, EndpointError, FacebookApi, KakaoApi, Provider, ProviderApi, Providers};
pub use rows::KakaoHosts;

use naru_protocol::{AccessToken, IdToken, RefreshToken};

/// What a provider gave for a code or a refresh token.
#[derive(Debug, Clone)]
pub struct ProviderTokens {
    /// The right to read the profile.
    pub access: AccessToken,
    /// Who logged in, when the provider says so by OpenID Connect.
    pub id: Option<IdToken>,
    /// What further tokens are to be had for, when the provider gives a new one.
    pub refresh: Option<RefreshToken>,
}

/// Whose an access token is, as Kakao's `access_token_info` and Facebook's `debug_token` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOwner {
    /// The player's id at the provider.
    pub user: String,
    /// The app that the token was given to.
    pub app_id: u64,
}
