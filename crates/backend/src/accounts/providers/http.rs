//! Providers over HTTP: OAuth's token endpoint, OpenID Connect's ID tokens, Kakao's and Facebook's APIs.

use naru_protocol::login::{LoginRequest, Profile};
use naru_protocol::{AccessToken, IdToken, RefreshToken};
use serde::Deserialize;

use super::{Provider, ProviderApi, ProviderTokens, TokenOwner, facebook, kakao};
use crate::accounts::LoginError;
use crate::platform::tokens::{Claims, signature};
use crate::platform::{BoundedHttp, KeySets, ProviderRefusal, SignedTokenError, send};

/// All rows of the table, over one client.
#[derive(Debug, Clone)]
pub struct ProviderHttp {
    http: BoundedHttp,
    keys: KeySets,
}

/// What counts of a token endpoint's answer (RFC 6749, section 5.1).
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: AccessToken,
    id_token: Option<IdToken>,
    refresh_token: Option<RefreshToken>,
}

impl ProviderHttp {
    /// Uses a client and the keys that it fetches.
    pub fn new(http: BoundedHttp, keys: KeySets) -> ProviderHttp {
        ProviderHttp { http, keys }
    }

    /// Adds Facebook's token of 60 days. Without it the player is still logged in, for an hour.
    async fn with_long_lived(&self, provider: &Provider, tokens: ProviderTokens) -> ProviderTokens {
        let asked = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", tokens.access.expose())];
        let answer = self.tokens(provider, &asked, refused_exchange).await;
        if let Err(error) = &answer {
            tracing::warn!(provider = provider.name, %error, "a login will not be refreshed");
        }
        let refresh = answer.ok().map(|long| RefreshToken::new(long.access.expose()));
        ProviderTokens { refresh, ..tokens }
    }

    /// Asks the token endpoint as the studio's app.
    async fn tokens(
        &self,
        provider: &Provider,
        asked: &[(&str, &str)],
        refused: impl FnOnce(ProviderRefusal) -> LoginError,
    ) -> Result<ProviderTokens, LoginError> {
        let mut form = vec![("client_id", provider.app.client_id.as_str())];
        form.extend_from_slice(asked);
        if let Some(secret) = &provider.app.client_secret {
            form.push(("client_secret", secret.expose()));
        }
        let url = &provider.token_url;
        let answer = send(self.http.post(url).form(&form), url).await?;
        answer.check(refused)?;
        let tokens: TokenAnswer = answer.value("tokens")?;
        Ok(ProviderTokens { access: tokens.access_token, id: tokens.id_token, refresh: tokens.refresh_token })
    }
}

impl ProviderHttp {
    /// Exchanges a code for tokens.
    pub(in crate::accounts) async fn exchange(
        &self,
        provider: &Provider,
        request: &LoginRequest,
    ) -> Result<ProviderTokens, LoginError> {
        let asked = [
            ("grant_type", "authorization_code"),
            ("redirect_uri", &request.redirect_uri),
            ("code", request.code.expose()),
            ("code_verifier", request.code_verifier.expose()),
        ];
        let tokens = self.tokens(provider, &asked, refused_exchange).await?;
        match provider.api {
            Some(ProviderApi::Facebook(_)) => Ok(self.with_long_lived(provider, tokens).await),
            _ => Ok(tokens),
        }
    }

    /// Exchanges a refresh token for tokens.
    pub(in crate::accounts) async fn refresh(
        &self,
        provider: &Provider,
        token: &RefreshToken,
    ) -> Result<ProviderTokens, LoginError> {
        if let Some(ProviderApi::Facebook(_)) = provider.api {
            // The token of 60 days itself, which is good for nothing but asking for its owner.
            let access = AccessToken::new(token.expose());
            return Ok(ProviderTokens { access, id: None, refresh: None });
        }
        let asked = [("grant_type", "refresh_token"), ("refresh_token", token.expose())];
        self.tokens(provider, &asked, refused_refresh).await
    }

    /// The claims of an ID token whose signature is the provider's. The caller checks them.
    pub(in crate::accounts) async fn signed_claims(
        &self,
        provider: &Provider,
        token: &IdToken,
    ) -> Result<Claims, LoginError> {
        let header = signature::header(token.expose(), signature::PROVIDERS)?;
        let key = self.keys.find(&provider.jwks_url, header.key.as_deref()).await?;
        let key = key.ok_or_else(|| SignedTokenError::UnknownKey(header.key.clone()))?;
        Ok(signature::verify(token.expose(), &header, &key)?)
    }

    /// Whose an access token is.
    pub(in crate::accounts) async fn token_owner(
        &self,
        provider: &Provider,
        api: &ProviderApi,
        token: &AccessToken,
    ) -> Result<TokenOwner, LoginError> {
        match api {
            ProviderApi::Kakao(api) => kakao::token_owner(&self.http, api, token).await,
            ProviderApi::Facebook(api) => facebook::token_owner(&self.http, api, &provider.app, token).await,
        }
    }

    /// Who that is.
    pub(in crate::accounts) async fn profile(
        &self,
        api: &ProviderApi,
        token: &AccessToken,
    ) -> Result<Profile, LoginError> {
        match api {
            ProviderApi::Kakao(api) => kakao::profile(&self.http, api, token).await,
            ProviderApi::Facebook(api) => facebook::profile(&self.http, api, token).await,
        }
    }
}

/// A wrong code is the player's affair, a wrong secret ours.
fn refused_exchange(refusal: ProviderRefusal) -> LoginError {
    match refusal.error.as_str() {
        "invalid_client" | "unauthorized_client" => LoginError::Client(refusal),
        _ => LoginError::Code(refusal),
    }
}

/// Only this one word ends a login (RFC 6749, section 5.2). Whatever else a provider refuses for is
/// a wrong setting, and no reason to make all players log in again.
fn refused_refresh(refusal: ProviderRefusal) -> LoginError {
    match refusal.error.as_str() {
        "invalid_grant" => LoginError::Refresh(refusal),
        _ => LoginError::Client(refusal),
    }
}
