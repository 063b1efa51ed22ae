//! Logging in: the provider's answer is checked before Cognito is asked.

use std::sync::Arc;
use std::time::Duration;

use naru_protocol::login::{
    LoginAnswer, LoginAnswer2017, LoginProvider, LoginRequest, Profile, RefreshRequest,
};
use naru_protocol::{AccessToken, Nonce};
use tokio::time::timeout;

use super::providers::{ProviderApi, ProviderTokens};
use super::refused_logins::{RefusedLogins, digest};
use super::{LoginError, PlayerIdentities, Provider, ProviderHttp, Providers};
use crate::platform::tokens::Expected;
use crate::platform::{Clock, ProviderError};

/// All answers of a provider together: tokens, keys, profile. With what Cognito is given
/// (`CognitoIdentities`) it stays below the 20 seconds of the function `accounts`, after which a player
/// would get the gateway's error in place of ours.
const PATIENCE: Duration = Duration::from_secs(12);

/// The accounts service.
#[derive(Clone)]
pub struct Accounts {
    table: Arc<Providers>,
    providers: ProviderHttp,
    identities: Arc<dyn PlayerIdentities>,
    clock: Arc<dyn Clock>,
    refused: Arc<RefusedLogins>,
}

impl Accounts {
    /// Puts the service together.
    pub fn new(
        table: Providers,
        providers: ProviderHttp,
        identities: Arc<dyn PlayerIdentities>,
        clock: Arc<dyn Clock>,
    ) -> Accounts {
        Accounts { table: Arc::new(table), providers, identities, clock, refused: Arc::default() }
    }

    /// What clients may log in with.
    pub fn providers(&self) -> Vec<LoginProvider> {
        self.table.iter().map(Provider::public).collect()
    }

    /// Logs a player in with a provider's code.
    pub async fn login(&self, provider: &str, request: &LoginRequest) -> Result<LoginAnswer, LoginError> {
        let provider = self.row(provider)?;
        let sent = [
            request.code.expose(),
            request.code_verifier.expose(),
            &request.redirect_uri,
            request.nonce.expose(),
        ];
        let exchanged = in_time(provider, self.exchanged(provider, request));
        let (profile, tokens) = self.unless_refused(provider, "login", &sent, exchanged).await?;
        self.vouched(provider, profile, tokens).await
    }

    /// Gives a player who has logged in another token, for the provider's refresh token.
    pub async fn refresh(&self, provider: &str, request: &RefreshRequest) -> Result<LoginAnswer, LoginError> {
        let provider = self.row(provider)?;
        let (profile, tokens) = in_time(provider, self.refreshed(provider, request)).await?;
        self.vouched(provider, profile, tokens).await
    }

    /// Logs a player in as the clients of 2017 ask for it: with an access token and an id.
    pub async fn login_2017(
        &self,
        provider: &str,
        id: &str,
        token: &AccessToken,
    ) -> Result<LoginAnswer2017, LoginError> {
        let provider = self.row(provider)?;
        if !matches!(provider.api, Some(ProviderApi::Kakao(_))) {
            return Err(unknown(&provider.name));
        }
        let asked = in_time(provider, self.token_owner(provider, token));
        let owner = self.unless_refused(provider, "2017", &[token.expose()], asked).await?;
        // Impersonation: a client with one player's token must not become another by sending that player's id.
        if owner != id {
            return Err(LoginError::Player);
        }
        let player = self.identities.token_for(&provider.developer_user(&owner)).await?;
        Ok(LoginAnswer2017 { identity_id: player.identity_id, token: player.token })
    }

    fn row(&self, name: &str) -> Result<&Provider, LoginError> {
        self.table.find(name).ok_or_else(|| unknown(name))
    }

    /// What a provider answers, unless it has refused just this before.
    async fn unless_refused<T>(
        &self,
        provider: &Provider,
        kind: &str,
        sent: &[&str],
        answer: impl Future<Output = Result<T, LoginError>>,
    ) -> Result<T, LoginError> {
        let request = digest(&[&[&provider.name, kind], sent].concat());
        // A client that sends a used code again and again must not use up what the provider allows this app.
        if let Some(refusal) = self.refused.find(&request, self.clock.now()) {
            return Err(refusal);
        }
        let answer = answer.await;
        if let Err(error) = &answer {
            self.refused.remember(request, error, self.clock.now());
        }
        answer
    }

    /// Who the code is of.
    async fn exchanged(
        &self,
        provider: &Provider,
        request: &LoginRequest,
    ) -> Result<(Profile, ProviderTokens), LoginError> {
        let tokens = self.providers.exchange(provider, request).await?;
        Ok((self.profile(provider, &tokens, Some(&request.nonce)).await?, tokens))
    }

    /// Who the refresh token is of, which must be the one who says so. An ID token that comes with it need not
    /// have the nonce of the login (OpenID Connect Core, section 12.2), and it is not stored here.
    async fn refreshed(
        &self,
        provider: &Provider,
        request: &RefreshRequest,
    ) -> Result<(Profile, ProviderTokens), LoginError> {
        let tokens = self.providers.refresh(provider, &request.refresh_token).await?;
        let profile = self.profile(provider, &tokens, None).await;
        let profile = profile.map_err(|error| refused_as_refresh(provider, error))?;
        // A client that mixed up two players' tokens must not continue as the other one.
        match profile.id == request.id {
            true => Ok((profile, tokens)),
            false => Err(LoginError::Player),
        }
    }

    /// What Cognito gives a player for our word.
    async fn vouched(
        &self,
        provider: &Provider,
        profile: Profile,
        tokens: ProviderTokens,
    ) -> Result<LoginAnswer, LoginError> {
        let player = self.identities.token_for(&provider.developer_user(&profile.id)).await?;
        Ok(LoginAnswer {
            identity_id: player.identity_id,
            token: player.token,
            profile,
            refresh_token: tokens.refresh,
        })
    }

    /// Who logged in: by the ID token where there is one, else by the access token.
    async fn profile(
        &self,
        provider: &Provider,
        tokens: &ProviderTokens,
        nonce: Option<&Nonce>,
    ) -> Result<Profile, LoginError> {
        let profile = match &tokens.id {
            Some(token) => {
                let claims = self.providers.signed_claims(provider, token).await?;
                let expected =
                    Expected { issuers: &provider.issuers, audience: &provider.app.client_id, nonce };
                let subject = claims.check(expected, self.clock.now().as_second())?.to_owned();
                Profile {
                    auth_provider: provider.name.clone(),
                    id: subject,
                    nickname: claims.nickname.or(claims.name),
                    picture: claims.picture,
                }
            }
            None => Profile {
                auth_provider: provider.name.clone(),
                id: self.token_owner(provider, &tokens.access).await?,
                nickname: None,
                picture: None,
            },
        };
        self.fill_in(provider, tokens, profile).await
    }

    /// The owner of an access token that was given to our own app.
    async fn token_owner(&self, provider: &Provider, token: &AccessToken) -> Result<String, LoginError> {
        let api = provider.api.as_ref().ok_or(LoginError::NoIdToken)?;
        let owner = self.providers.token_owner(provider, api, token).await?;
        // Any app that a player has logged in to holds a token of his, and could log in here as him.
        match owner.app_id == api.app_id() {
            true => Ok(owner.user),
            false => Err(LoginError::App { ours: api.app_id(), found: owner.app_id }),
        }
    }

    /// Kakao tells more of a player than the ID token does; Facebook only where there is none.
    async fn fill_in(
        &self,
        provider: &Provider,
        tokens: &ProviderTokens,
        known: Profile,
    ) -> Result<Profile, LoginError> {
        let api = match &provider.api {
            None => return Ok(known),
            Some(ProviderApi::Facebook(_)) if tokens.id.is_some() => return Ok(known),
            Some(api) => api,
        };
        let told = self.providers.profile(api, &tokens.access).await?;
        // An ID token of one player beside an access token of another: an attacker has combined two logins.
        if told.id != known.id {
            return Err(LoginError::Player);
        }
        Ok(Profile {
            nickname: told.nickname.or(known.nickname),
            picture: told.picture.or(known.picture),
            ..known
        })
    }
}

/// What a provider answers, unless its answers together take too long.
async fn in_time<T>(
    provider: &Provider,
    answers: impl Future<Output = Result<T, LoginError>>,
) -> Result<T, LoginError> {
    let host = || provider.token_url.host_str().unwrap_or_default().to_owned();
    timeout(PATIENCE, answers).await.map_err(|_| ProviderError::Slow { host: host() })?
}

/// Facebook's logins are refreshed with an access token: if it is refused, it has expired.
fn refused_as_refresh(provider: &Provider, error: LoginError) -> LoginError {
    match (error, &provider.api) {
        (LoginError::AccessToken(refusal), Some(ProviderApi::Facebook(_))) => LoginError::Refresh(refusal),
        (error, _) => error,
    }
}

fn unknown(name: &str) -> LoginError {
    LoginError::UnknownProvider(short_name(name))
}

/// A shortened name from a client, for an answer or a log.
pub(super) fn short_name(name: &str) -> String {
    name.chars().take(40).collect()
}
