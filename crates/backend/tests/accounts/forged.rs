//! ID tokens and access tokens that must not count.

use std::sync::atomic::Ordering;
use std::time::Duration;

use naru_backend::accounts::LoginError;
use naru_backend::platform::{ProviderRefusal, SignedTokenError as Token};
use serde_json::json;

use crate::forger::{self, APP, Script, Signer, now};

struct Case {
    name: &'static str,
    lie: fn(&mut Script),
    error: LoginError,
}

fn case(name: &'static str, lie: fn(&mut Script), error: impl Into<LoginError>) -> Case {
    Case { name, lie, error: error.into() }
}

fn cases() -> Vec<Case> {
    vec![
        case("issuer", |lie| lie.claims["iss"] = "https://evil".into(), Token::Issuer("https://evil".into())),
        case("audience", |lie| lie.claims["aud"] = "other".into(), Token::Audience),
        case("audiences", |lie| lie.claims["aud"] = json!(["app", "other"]), Token::Audience),
        case("expired", |lie| lie.claims["exp"] = 1000.into(), Token::Expired(1000)),
        case("no expiry", |lie| lie.claims["exp"] = json!(null), Token::Missing("exp")),
        case(
            "from the future",
            |lie| lie.claims["iat"] = 99_999_999_999_i64.into(),
            Token::NotYetValid(99_999_999_999),
        ),
        case(
            "not yet",
            |lie| lie.claims["nbf"] = 99_999_999_999_i64.into(),
            Token::NotYetValid(99_999_999_999),
        ),
        case("nonce", |lie| lie.claims["nonce"] = "other".into(), Token::Nonce),
        case("no nonce", |lie| lie.claims["nonce"] = json!(null), Token::Missing("nonce")),
        case("no subject", |lie| lie.claims["sub"] = json!(null), Token::Missing("sub")),
        case("subject of another kind", |lie| lie.claims["sub"] = json!({"id": 1}), Token::Malformed),
        case(
            "alg none",
            |lie| {
                lie.header["alg"] = "none".into();
                lie.signer = Signer::Nobody;
            },
            Token::Algorithm("none".into()),
        ),
        case(
            "alg None",
            |lie| {
                lie.header["alg"] = "None".into();
                lie.signer = Signer::Nobody;
            },
            Token::Algorithm("None".into()),
        ),
        case("no signature", |lie| lie.signer = Signer::Nobody, Token::Signature),
        case(
            "public key as a secret",
            |lie| {
                lie.header["alg"] = "HS256".into();
                lie.signer = Signer::PublicKey;
            },
            Token::Algorithm("HS256".into()),
        ),
        case("an HMAC called RS256", |lie| lie.signer = Signer::PublicKey, Token::Signature),
        case("an RSA key called ES256", |lie| lie.header["alg"] = "ES256".into(), Token::Signature),
        case("foreign key", |lie| lie.signer = Signer::Foreign, Token::Signature),
        case(
            "a key that the token brings along",
            |lie| {
                lie.signer = Signer::Foreign;
                lie.header["jwk"] = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"});
                lie.header["jku"] = "http://127.0.0.1:1/".into();
            },
            Token::Signature,
        ),
        case("unknown key", |lie| lie.header["kid"] = "no".into(), Token::UnknownKey(Some("no".into()))),
        case("unknown extension", |lie| lie.header["crit"] = json!(["b64"]), Token::Malformed),
        case("profile of another", |lie| lie.profile_user = 2, LoginError::Player),
        case(
            "another app",
            |lie| {
                lie.has_id_token = false;
                lie.token_app = 8;
            },
            LoginError::App { ours: APP, found: 8 },
        ),
        case(
            "access token of another",
            |lie| {
                lie.has_id_token = false;
                lie.token_user = 2;
            },
            LoginError::Player,
        ),
    ]
}

#[tokio::test]
async fn no_lie_logs_anybody_in_and_each_has_its_error() {
    let forger = forger::start().await;
    assert_eq!(forger.login().await.unwrap().identity_id, "1", "the truth is believed");
    for Case { name, lie, error } in cases() {
        let result = forger.login_with(lie).await;
        assert_eq!(result.map(|answer| answer.identity_id), Err(error), "{name}");
    }
    assert!(forger.login().await.is_ok(), "and lies do not stay in the cache");
}

#[tokio::test]
async fn no_lie_refreshes_a_login_and_a_nonce_is_not_asked_for() {
    let forger = forger::start().await;
    let good = forger.refresh().await.unwrap();
    assert_eq!(good.identity_id, "1", "the truth is believed");
    assert_eq!(good.refresh_token.unwrap().expose(), "canary-next-refresh", "the next one is passed on");
    for Case { name, lie, error } in cases().into_iter().filter(|case| !case.name.ends_with("nonce")) {
        let result = forger.refresh_with(lie).await;
        assert_eq!(result.map(|answer| answer.identity_id), Err(error), "{name}");
    }
    let without = forger.refresh_with(|lie| lie.claims["nonce"] = json!(null)).await;
    assert!(without.is_ok(), "OpenID Connect Core, section 12.2: it should have none");
    let other = forger.refresh_with(|lie| {
        lie.claims["sub"] = "2".into();
        lie.profile_user = 2;
    });
    assert_eq!(other.await.map(|_| ()), Err(LoginError::Player), "a whole, true login of another player");
}

/// Which words of a provider end a login, and which are ours to mend.
#[tokio::test]
async fn a_login_ends_by_one_word_alone() {
    let forger = forger::start().await;
    for (error, ends) in
        [("invalid_grant", true), ("invalid_client", false), ("invalid_request", false), ("", false)]
    {
        let refusal = json!({"error": error, "error_code": "KOE000"});
        let result = forger.refresh_with(|script| script.refusal = Some(refusal)).await.map(|_| ());
        let said = ProviderRefusal { status: 400, error: error.to_owned(), code: "KOE000".to_owned() };
        let expected = if ends { LoginError::Refresh(said) } else { LoginError::Client(said) };
        assert_eq!(result, Err(expected), "{error:?}");
    }
}

#[tokio::test]
async fn without_an_id_token_our_own_apps_access_token_counts() {
    let forger = forger::start().await;
    let answer = forger.login_with(|script| script.has_id_token = false).await.unwrap();
    assert_eq!((answer.identity_id.as_str(), answer.profile.nickname.as_deref()), ("1", Some("one")));
}

#[tokio::test]
async fn clocks_may_differ_a_little() {
    let forger = forger::start().await;
    assert!(forger.login_with(|script| script.claims["exp"] = (now() - 10).into()).await.is_ok());
    assert!(forger.login_with(|script| script.claims["iat"] = (now() + 10).into()).await.is_ok());
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_made_up_keys_do_not_make_us_ask() {
    let forger = forger::start().await;
    forger.login().await.unwrap();
    forger.login().await.unwrap();
    assert_eq!(forger.key_requests(), 1, "keys are kept");
    let rotated = |script: &mut Script| {
        script.key_name = "new";
        script.header["kid"] = "new".into();
    };
    assert!(forger.login_with(rotated).await.is_ok(), "the issuer has a new key");
    assert_eq!(forger.key_requests(), 2);

    let forger = forger::start_with_pause(Duration::from_secs(60)).await;
    forger.login().await.unwrap();
    for _ in 0..5 {
        assert!(forger.login_with(|script| script.header["kid"] = "made-up".into()).await.is_err());
    }
    assert_eq!(forger.key_requests(), 1, "whoever makes up keys must not make us flood the issuer");
}

#[tokio::test]
async fn a_provider_is_asked_once_for_what_it_refuses_for_good() {
    let provider = forger::start().await;
    let asked = || provider.token_requests.load(Ordering::SeqCst);
    let used = json!({"error": "invalid_grant", "error_code": "KOE320"});
    for _ in 0..3 {
        let refused = provider.login_with(|lie| lie.refusal = Some(used.clone())).await;
        assert!(matches!(refused, Err(LoginError::Code(_))), "{refused:?}");
    }
    assert_eq!(asked(), 1, "a used code never becomes good again");
    let ours = json!({"error": "invalid_client", "error_code": "KOE010"});
    for _ in 0..2 {
        let failed = provider.refresh_with(|lie| lie.refusal = Some(ours.clone())).await;
        assert!(matches!(failed, Err(LoginError::Client(_))), "{failed:?}");
    }
    assert_eq!(asked(), 3, "a wrong setting may be put right at any moment");
    assert!(provider.refresh().await.is_ok(), "and then the refresh token is as good as before");
}
