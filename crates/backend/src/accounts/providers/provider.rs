//! The table of login providers: what a row says. The rows are in `rows.rs`.

use std::collections::BTreeMap;

use naru_protocol::login::LoginProvider;
use naru_protocol::{ClientSecret, Endpoint};
use url::Url;

/// A studio's app at a provider.
#[derive(Debug, Clone)]
pub struct App {
    /// Kakao calls it the REST API key.
    pub client_id: String,
    /// Known to the backend alone.
    pub client_secret: Option<ClientSecret>,
}

impl App {
    /// An app whose secret is switched on.
    pub fn with_secret(client_id: &str, client_secret: &str) -> App {
        App { client_id: client_id.to_owned(), client_secret: Some(ClientSecret::new(client_secret)) }
    }
}

/// One row.
#[derive(Debug, Clone)]
pub struct Provider {
    /// The name in paths.
    pub name: String,
    /// The page that a player sees.
    pub authorize_url: Url,
    /// Where codes are exchanged.
    pub token_url: Url,
    /// Where the keys of the ID tokens are.
    pub jwks_url: Url,
    /// The names that the ID tokens may have as their issuer.
    pub issuers: Vec<String>,
    /// What players are asked for.
    pub scopes: Vec<String>,
    /// What a login window may show of the provider's: see [`LoginProvider::window_hosts`].
    pub window_hosts: Vec<String>,
    /// Where logins end that do not lead to the player's own machine.
    pub redirect_uri: Option<String>,
    /// Our app there.
    pub app: App,
    /// What is not OpenID Connect. Without it an ID token must come, and says all.
    pub api: Option<ProviderApi>,
    /// What makes the provider's user ids unique among all providers.
    pub user_prefix: &'static str,
}

/// The part of a provider that is not OpenID Connect: it knows access tokens and profiles.
#[derive(Debug, Clone)]
pub enum ProviderApi {
    /// Kakao's.
    Kakao(KakaoApi),
    /// Facebook's.
    Facebook(FacebookApi),
}

impl ProviderApi {
    /// The number of our app: tokens of another one do not count.
    pub(crate) fn app_id(&self) -> u64 {
        match self {
            ProviderApi::Kakao(api) => api.app_id,
            ProviderApi::Facebook(api) => api.app_id,
        }
    }
}

/// Facebook's Graph API. It has no refresh tokens: a login is refreshed with a token of 60 days, whose owner
/// it is asked for each time.
#[derive(Debug, Clone)]
pub struct FacebookApi {
    /// The number of our app.
    pub(super) app_id: u64,
    /// Says whose an access token is.
    pub(super) token_info_url: Url,
    /// Says who that is.
    pub(super) profile_url: Url,
}

/// The part of Kakao that is not OpenID Connect.
#[derive(Debug, Clone)]
pub struct KakaoApi {
    /// The number of our app.
    pub(super) app_id: u64,
    /// Says whose an access token is.
    pub(super) token_info_url: Url,
    /// Says who that is.
    pub(super) profile_url: Url,
}

/// An address that tokens must not be sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address of a provider: https, or http on this machine")]
pub struct EndpointError(String);

impl Provider {
    /// The public part of the row.
    pub fn public(&self) -> LoginProvider {
        LoginProvider {
            provider: self.name.clone(),
            authorize_url: self.authorize_url.to_string(),
            client_id: self.app.client_id.clone(),
            scopes: self.scopes.clone(),
            window_hosts: self.window_hosts.clone(),
            redirect_uri: self.redirect_uri.clone(),
        }
    }

    /// The name under which Cognito knows a player of this provider.
    pub fn developer_user(&self, subject: &str) -> String {
        format!("{}{subject}", self.user_prefix)
    }
}

/// All rows.
#[derive(Debug, Clone, Default)]
pub struct Providers(BTreeMap<String, Provider>);

impl Providers {
    /// Makes the table; of two rows with one name the later stays.
    pub fn new(rows: impl IntoIterator<Item = Provider>) -> Providers {
        Providers(rows.into_iter().map(|row| (row.name.clone(), row)).collect())
    }

    /// The row of a name.
    pub fn find(&self, name: &str) -> Option<&Provider> {
        self.0.get(name)
    }

    /// All rows, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.values()
    }
}

/// Secrets are sent only to an address that is encrypted or on this machine.
pub(super) fn endpoint(text: &str) -> Result<Url, EndpointError> {
    Endpoint::parse(text).map(Url::from).map_err(|_| EndpointError(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_travel_in_the_open() {
        for good in
            ["https://kauth.kakao.com/x", "http://127.0.0.1:1/", "http://[::1]/", "http://localhost:9/"]
        {
            assert!(endpoint(good).is_ok(), "{good}");
        }
        for bad in
            ["http://kauth.kakao.com", "http://127.0.0.1.evil.com", "ftp://127.0.0.1", "kauth.kakao.com"]
        {
            assert_eq!(endpoint(bad), Err(EndpointError(bad.to_owned())));
        }
    }
}
