//! The table of login providers.

use std::collections::BTreeMap;

use naru_protocol::ClientSecret;
use naru_protocol::login::LoginProvider;
use url::{Host, Url};

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
    /// Our app there.
    pub app: App,
    /// Kakao's own API, which also knows access tokens and profiles. Others say all in the ID token.
    pub kakao: Option<KakaoApi>,
    /// What makes the provider's user ids unique among all providers.
    pub user_prefix: &'static str,
}

/// The part of Kakao that is not OpenID Connect.
#[derive(Debug, Clone)]
pub struct KakaoApi {
    /// The number of our app.
    pub app_id: u64,
    /// Says whose an access token is.
    pub token_info_url: Url,
    /// Says who that is.
    pub profile_url: Url,
}

/// Kakao's two hosts.
#[derive(Debug, Clone)]
pub struct KakaoHosts {
    /// Login pages and tokens; also the issuer.
    pub auth: String,
    /// Profiles.
    pub api: String,
}

impl Default for KakaoHosts {
    fn default() -> Self {
        KakaoHosts { auth: "https://kauth.kakao.com".to_owned(), api: "https://kapi.kakao.com".to_owned() }
    }
}

/// An address that tokens must not be sent to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address of a provider: https, or http on this machine")]
pub struct EndpointError(String);

impl Provider {
    /// Kakao. The user ids have no prefix: players of 2017 keep their identities.
    pub fn kakao(app: App, app_id: u64, hosts: &KakaoHosts) -> Result<Provider, EndpointError> {
        let (auth, api) = (hosts.auth.trim_end_matches('/'), hosts.api.trim_end_matches('/'));
        Ok(Provider {
            name: "kakao".to_owned(),
            authorize_url: endpoint(&format!("{auth}/oauth/authorize"))?,
            token_url: endpoint(&format!("{auth}/oauth/token"))?,
            jwks_url: endpoint(&format!("{auth}/.well-known/jwks.json"))?,
            issuers: vec![auth.to_owned()],
            scopes: words("openid profile_nickname"),
            app,
            kakao: Some(KakaoApi {
                app_id,
                token_info_url: endpoint(&format!("{api}/v1/user/access_token_info"))?,
                profile_url: endpoint(&format!("{api}/v2/user/me"))?,
            }),
            user_prefix: "",
        })
    }

    /// Google.
    pub fn google(app: App) -> Result<Provider, EndpointError> {
        Ok(Provider {
            name: "google".to_owned(),
            authorize_url: endpoint("https://accounts.google.com/o/oauth2/v2/auth")?,
            token_url: endpoint("https://oauth2.googleapis.com/token")?,
            jwks_url: endpoint("https://www.googleapis.com/oauth2/v3/certs")?,
            issuers: words("https://accounts.google.com accounts.google.com"),
            scopes: words("openid profile"),
            app,
            kakao: None,
            user_prefix: "google:",
        })
    }

    /// Facebook.
    pub fn facebook(app: App) -> Result<Provider, EndpointError> {
        Ok(Provider {
            name: "facebook".to_owned(),
            authorize_url: endpoint("https://www.facebook.com/dialog/oauth")?,
            token_url: endpoint("https://graph.facebook.com/oauth/access_token")?,
            jwks_url: endpoint("https://www.facebook.com/.well-known/oauth/openid/jwks/")?,
            issuers: words("https://www.facebook.com"),
            scopes: words("openid public_profile"),
            app,
            kakao: None,
            user_prefix: "facebook:",
        })
    }

    /// What a client is told of the row.
    pub fn public(&self) -> LoginProvider {
        LoginProvider {
            provider: self.name.clone(),
            authorize_url: self.authorize_url.to_string(),
            client_id: self.app.client_id.clone(),
            scopes: self.scopes.clone(),
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

/// Secrets go to an address only if nobody else can read them on the way.
fn endpoint(text: &str) -> Result<Url, EndpointError> {
    let refuse = || EndpointError(text.to_owned());
    let url = Url::parse(text).map_err(|_| refuse())?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if on_this_machine(&url) => Ok(url),
        _ => Err(refuse()),
    }
}

fn on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
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

    #[test]
    fn two_providers_never_name_one_player() {
        let app = App { client_id: "id".to_owned(), client_secret: None };
        let kakao = Provider::kakao(app.clone(), 1, &KakaoHosts::default()).expect("a row");
        let google = Provider::google(app.clone()).expect("a row");
        let facebook = Provider::facebook(app).expect("a row");
        let users = [&kakao, &google, &facebook].map(|row| row.developer_user("42"));
        assert_eq!(users, ["42", "google:42", "facebook:42"]);
    }
}
