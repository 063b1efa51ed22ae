//! The rows of the table. Each takes other addresses than the provider's own, for a stand-in.

use super::provider::{App, EndpointError, FacebookApi, KakaoApi, Provider, ProviderApi, endpoint};

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

impl Provider {
    /// Kakao. The user ids have no prefix: players of 2017 keep their identities.
    pub fn kakao(app: App, app_id: u64, hosts: &KakaoHosts) -> Result<Provider, EndpointError> {
        let (auth, api) = (hosts.auth.trim_end_matches('/'), hosts.api.trim_end_matches('/'));
        let authorize_url = endpoint(&format!("{auth}/oauth/authorize"))?;
        let place = authorize_url.authority().to_owned();
        Ok(Provider {
            name: "kakao".to_owned(),
            authorize_url,
            token_url: endpoint(&format!("{auth}/oauth/token"))?,
            jwks_url: endpoint(&format!("{auth}/.well-known/jwks.json"))?,
            issuers: vec![auth.to_owned()],
            scopes: words("openid profile_nickname"),
            // Its pages are on `kauth` and `accounts`.
            window_hosts: vec![if place.ends_with(".kakao.com") { "kakao.com".to_owned() } else { place }],
            redirect_uri: None,
            app,
            api: Some(ProviderApi::Kakao(KakaoApi {
                app_id,
                token_info_url: endpoint(&format!("{api}/v1/user/access_token_info"))?,
                profile_url: endpoint(&format!("{api}/v2/user/me"))?,
            })),
            user_prefix: "",
        })
    }

    /// Google, or what stands `at` another address for it with the same paths.
    ///
    /// `access_type=offline` asks for a refresh token, which comes with a consent only:
    /// <https://developers.google.com/identity/protocols/oauth2/web-server#offline>. It shows its pages in no
    /// window of an app: <https://developers.google.com/identity/protocols/oauth2/policies#browsers>
    pub fn google(app: App, at: Option<&str>) -> Result<Provider, EndpointError> {
        let at = at.map(|url| url.trim_end_matches('/'));
        let page = at.unwrap_or("https://accounts.google.com");
        let issuers = "https://accounts.google.com accounts.google.com";
        Ok(Provider {
            name: "google".to_owned(),
            authorize_url: endpoint(&format!("{page}/o/oauth2/v2/auth?access_type=offline&prompt=consent"))?,
            token_url: endpoint(&format!("{}/token", at.unwrap_or("https://oauth2.googleapis.com")))?,
            jwks_url: endpoint(&format!("{}/oauth2/v3/certs", at.unwrap_or("https://www.googleapis.com")))?,
            issuers: words(at.unwrap_or(issuers)),
            scopes: words("openid profile"),
            window_hosts: Vec::new(),
            redirect_uri: None,
            app,
            api: None,
            user_prefix: "google:",
        })
    }

    /// Facebook, or what stands `at` another address for it with the same paths.
    ///
    /// A live app may lead to no address of a player's machine; an app with a window of its own sees the page
    /// below instead: <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>
    pub fn facebook(app_id: u64, secret: &str, at: Option<&str>) -> Result<Provider, EndpointError> {
        let at = at.map(|url| url.trim_end_matches('/'));
        let page = at.unwrap_or("https://www.facebook.com");
        let graph = at.unwrap_or("https://graph.facebook.com");
        let authorize_url = endpoint(&format!("{page}/dialog/oauth"))?;
        let window_host = at.map_or("facebook.com", |_| authorize_url.authority()).to_owned();
        Ok(Provider {
            name: "facebook".to_owned(),
            authorize_url,
            token_url: endpoint(&format!("{graph}/oauth/access_token"))?,
            jwks_url: endpoint(&format!("{page}/.well-known/oauth/openid/jwks/"))?,
            issuers: vec![page.to_owned()],
            scopes: words("openid public_profile"),
            window_hosts: vec![window_host],
            redirect_uri: Some(format!("{page}/connect/login_success.html")),
            app: App::with_secret(&app_id.to_string(), secret),
            api: Some(ProviderApi::Facebook(FacebookApi {
                app_id,
                token_info_url: endpoint(&format!("{graph}/debug_token"))?,
                profile_url: endpoint(&format!("{graph}/me?fields=id,name,picture"))?,
            })),
            user_prefix: "facebook:",
        })
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> [Provider; 3] {
        let app = App { client_id: "id".to_owned(), client_secret: None };
        [
            Provider::kakao(app.clone(), 1, &KakaoHosts::default()).expect("a row"),
            Provider::google(app, None).expect("a row"),
            Provider::facebook(1, "secret", None).expect("a row"),
        ]
    }

    #[test]
    fn two_providers_never_name_one_player() {
        let users = rows().map(|row| row.developer_user("42"));
        assert_eq!(users, ["42", "google:42", "facebook:42"]);
    }

    #[test]
    fn a_window_shows_what_the_provider_allows_in_one() {
        let hosts = rows().map(|row| row.window_hosts);
        let expected = [vec!["kakao.com".to_owned()], vec![], vec!["facebook.com".to_owned()]];
        assert_eq!(hosts, expected, "Google refuses to be shown in an app");
        let here = KakaoHosts { auth: "http://127.0.0.1:9704".into(), api: "http://127.0.0.1:9704".into() };
        let app = App { client_id: "id".to_owned(), client_secret: None };
        let here = Provider::kakao(app, 1, &here).expect("a row");
        assert_eq!(here.window_hosts, ["127.0.0.1:9704"], "a stand-in is one place");
    }
}
