//! The rows of Google and Facebook, at a stand-in that says what their documentation has them say:
//! <https://developers.google.com/identity/openid-connect/openid-connect>,
//! <https://developers.facebook.com/docs/facebook-login/guides/advanced/oidc-token>.

use std::time::Duration;

use naru_backend::accounts::{App, LoginError, Provider};
use naru_backend::platform::{ProviderRefusal, SignedTokenError};
use naru_protocol::login::Profile;
use serde_json::json;
use url::Url;

use crate::forger::{self, Forger, accounts_at};

/// The row with the stand-in's addresses in place of its own; issuers, scopes and prefix are the row's.
async fn standing_in_for(row: Provider) -> Forger {
    let mut forger = forger::start().await;
    let at = |path: &str| Url::parse(&format!("{}{path}", forger.url)).unwrap();
    let (token_url, jwks_url) = (at("/oauth/token"), at("/.well-known/jwks.json"));
    forger.accounts = accounts_at(Provider { token_url, jwks_url, ..row }, Duration::ZERO);
    forger
}

fn app() -> App {
    App::with_secret("app", "secret")
}

#[tokio::test]
async fn a_player_of_google_logs_in_by_the_id_token_alone() {
    let forger = standing_in_for(Provider::google(app(), None).unwrap()).await;
    for issuer in ["https://accounts.google.com", "accounts.google.com"] {
        {
            let mut script = forger.script.lock().unwrap();
            script.claims["iss"] = issuer.into();
            script.claims["sub"] = "110169484474386276334".into();
            script.claims["azp"] = "app".into();
            script.claims["at_hash"] = "HK6E_P6Dh8Y93mRNtsDB1Q".into();
            script.claims["name"] = "Elisa G Beckett".into();
            script.claims["picture"] = "https://lh3.googleusercontent.com/a-/e2718281828459045=s96-c".into();
        }
        let answer = forger.accounts.login("google", &forger::request()).await.unwrap();
        let name = "google:110169484474386276334";
        assert_eq!(answer.identity_id, name, "both names of the issuer are Google's: {issuer}");
        let picture = "https://lh3.googleusercontent.com/a-/e2718281828459045=s96-c".to_owned();
        let expected = Profile {
            auth_provider: "google".to_owned(),
            id: "110169484474386276334".to_owned(),
            nickname: Some("Elisa G Beckett".to_owned()),
            picture: Some(picture),
        };
        assert_eq!(answer.profile, expected);
    }
    forger.script.lock().unwrap().claims["azp"] = "another-app".into();
    forger.script.lock().unwrap().claims["aud"] = json!(["app", "another-app"]);
    let refused = forger.accounts.login("google", &forger::request()).await.map(|_| ());
    assert_eq!(refused, Err(SignedTokenError::Audience.into()), "a token that another app was given");
}

#[tokio::test]
async fn a_player_of_facebook_logs_in_by_the_id_token_alone() {
    let forger = standing_in_for(Provider::facebook(7, "secret", None).unwrap()).await;
    {
        let mut script = forger.script.lock().unwrap();
        script.claims["iss"] = "https://www.facebook.com".into();
        script.claims["aud"] = "7".into();
        script.claims["sub"] = "12345678".into();
        script.claims["jti"] = "KoOc.4a4a".into();
        script.claims["name"] = "한 사람".into();
    }
    let answer = forger.accounts.login("facebook", &forger::request()).await.unwrap();
    assert_eq!(answer.identity_id, "facebook:12345678");
    assert_eq!(answer.profile.nickname.as_deref(), Some("한 사람"));

    forger.script.lock().unwrap().claims["iss"] = "https://facebook.com".into();
    let refused = forger.accounts.login("facebook", &forger::request()).await.map(|_| ());
    let issuer = SignedTokenError::Issuer("https://facebook.com".to_owned());
    assert_eq!(refused, Err(issuer.into()), "not the name in its discovery document");
}

/// Graph API has its codes one level deeper than OAuth:
/// <https://developers.facebook.com/docs/graph-api/guides/error-handling>
#[tokio::test]
async fn why_facebook_refused_is_in_the_log() {
    let forger = standing_in_for(Provider::facebook(7, "secret", None).unwrap()).await;
    let refusal = json!({ "error": {
        "message": "This authorization code has been used.",
        "type": "OAuthException", "code": 100, "error_subcode": 36009, "fbtrace_id": "AAAA"
    }});
    forger.script.lock().unwrap().refusal = Some(refusal);
    let refused = forger.accounts.login("facebook", &forger::request()).await.map(|_| ());
    let known = ProviderRefusal { status: 400, error: "OAuthException".to_owned(), code: "100".to_owned() };
    assert_eq!(refused, Err(LoginError::Code(known)), "and not its message, which may repeat the code");
}
