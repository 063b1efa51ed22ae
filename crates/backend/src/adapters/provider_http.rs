//! Providers over HTTP: OAuth's token endpoint, OpenID Connect's ID tokens, Kakao's API.

use async_trait::async_trait;
use naru_protocol::login::{LoginRequest, Profile};
use naru_protocol::{AccessToken, IdToken, RefreshToken};
use serde::Deserialize;

use super::bounded_http::{BoundedHttp, send};
use super::kakao_api;
use super::key_sets::KeySets;
use super::signed_token;
use crate::domain::accounts::{
    Claims, KakaoApi, LoginError, Provider, ProviderTokens, Refusal, SignedTokenError, TokenOwner,
};
use crate::ports::LoginProviders;

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

    /// Asks the token endpoint as the studio's app.
    async fn tokens(
        &self,
        provider: &Provider,
        asked: &[(&str, &str)],
        refused: impl FnOnce(Refusal) -> LoginError,
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

#[async_trait]
impl LoginProviders for ProviderHttp {
    async fn exchange(
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
        self.tokens(provider, &asked, refused_exchange).await
    }

    async fn refresh(&self, provider: &Provider, token: &RefreshToken) -> Result<ProviderTokens, LoginError> {
        let asked = [("grant_type", "refresh_token"), ("refresh_token", token.expose())];
        self.tokens(provider, &asked, refused_refresh).await
    }

    async fn signed_claims(&self, provider: &Provider, token: &IdToken) -> Result<Claims, LoginError> {
        let header = signed_token::header(token.expose(), signed_token::PROVIDERS)?;
        let key = self.keys.find(&provider.jwks_url, header.key.as_deref()).await?;
        let key = key.ok_or_else(|| SignedTokenError::UnknownKey(header.key.clone()))?;
        Ok(signed_token::verify(token.expose(), &header, &key)?)
    }

    async fn token_owner(&self, kakao: &KakaoApi, token: &AccessToken) -> Result<TokenOwner, LoginError> {
        kakao_api::token_owner(&self.http, kakao, token).await
    }

    async fn profile(&self, kakao: &KakaoApi, token: &AccessToken) -> Result<Profile, LoginError> {
        kakao_api::profile(&self.http, kakao, token).await
    }
}

/// A wrong code is the player's affair, a wrong secret ours.
fn refused_exchange(refusal: Refusal) -> LoginError {
    match refusal.error.as_str() {
        "invalid_client" | "unauthorized_client" => LoginError::Client(refusal),
        _ => LoginError::Code(refusal),
    }
}

/// Only this one word ends a login (RFC 6749, section 5.2). Whatever else a provider refuses for is
/// ours to mend, and no reason to send all players back to its page.
fn refused_refresh(refusal: Refusal) -> LoginError {
    match refusal.error.as_str() {
        "invalid_grant" => LoginError::Refresh(refusal),
        _ => LoginError::Client(refusal),
    }
}
