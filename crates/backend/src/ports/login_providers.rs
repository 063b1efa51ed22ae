//! The companies that know who a player is.

use async_trait::async_trait;
use naru_protocol::login::{LoginRequest, Profile};
use naru_protocol::{AccessToken, IdToken, RefreshToken};

use crate::domain::accounts::{Claims, LoginError, Provider, ProviderApi, ProviderTokens, TokenOwner};

/// Asks the providers.
#[async_trait]
pub trait LoginProviders: Send + Sync {
    /// Exchanges a code for tokens.
    async fn exchange(
        &self,
        provider: &Provider,
        request: &LoginRequest,
    ) -> Result<ProviderTokens, LoginError>;

    /// Exchanges a refresh token for tokens.
    async fn refresh(&self, provider: &Provider, token: &RefreshToken) -> Result<ProviderTokens, LoginError>;

    /// The claims of an ID token whose signature is the provider's. The caller checks them.
    async fn signed_claims(&self, provider: &Provider, token: &IdToken) -> Result<Claims, LoginError>;

    /// Whose an access token is.
    async fn token_owner(
        &self,
        provider: &Provider,
        api: &ProviderApi,
        token: &AccessToken,
    ) -> Result<TokenOwner, LoginError>;

    /// Who that is.
    async fn profile(&self, api: &ProviderApi, token: &AccessToken) -> Result<Profile, LoginError>;
}
