//! The companies that know who a player is.

mod facebook;
mod http;
mod kakao;
mod provider;
mod rows;

use naru_protocol::{AccessToken, IdToken, RefreshToken};

pub use http::ProviderHttp;
pub(crate) use provider::ProviderApi;
pub use provider::{App, EndpointError, Provider, Providers};
pub use rows::KakaoHosts;

/// What a provider gave for a code or a refresh token.
#[derive(Debug, Clone)]
pub(super) struct ProviderTokens {
    /// The right to read the profile.
    pub(super) access: AccessToken,
    /// Who logged in, when the provider says so by OpenID Connect.
    pub(super) id: Option<IdToken>,
    /// What further tokens are to be had for, when the provider gives a new one.
    pub(super) refresh: Option<RefreshToken>,
}

/// Whose an access token is, as Kakao's `access_token_info` and Facebook's `debug_token` say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TokenOwner {
    /// The player's id at the provider.
    pub(super) user: String,
    /// The app that the token was given to.
    pub(super) app_id: u64,
}
