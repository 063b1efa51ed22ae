//! The login at the embedded cloud, from the page to the keys.

use std::time::Duration;

use naru_backend::platform::TokenError;
use naru_local_cloud::KakaoApp;
use naru_protocol::login::RedirectError;
use naru_protocol::{AuthorizationCode, CodeVerifier, Nonce, Problem, ProblemCode};

use super::embedded::{self, cognito, other_app};

#[tokio::test]
async fn a_player_gets_from_the_page_to_keys() {
    let Some(world) = embedded::start().await else { return };
    let (status, answer) = world.post(&world.consent("나루").await).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["profile"]["nickname"], "나루");
    assert_eq!(answer["profile"]["authProvider"], "kakao");
    let (identity, token) = (answer["identityId"].as_str().unwrap(), answer["token"].as_str().unwrap());

    let player = world.verifier().verify(token).await.unwrap();
    assert_eq!(player.as_str(), identity, "the services know the player by the identity");
    let keys = cognito(&world.cloud).get_credentials_for_identity().identity_id(identity);
    let keys = keys.logins("cognito-identity.amazonaws.com", token).send().await.unwrap();
    assert!(keys.credentials.unwrap().access_key_id.unwrap().starts_with("ASIA"));

    let (_, again) = world.post(&world.consent("나루").await).await;
    assert_eq!(again["identityId"], identity, "a player has one identity");
    let (_, other) = world.post(&world.consent("다른이").await).await;
    assert_ne!(other["identityId"], identity, "and another player another");
}

#[tokio::test]
async fn a_player_who_refuses_is_not_logged_in() {
    let Some(world) = embedded::start().await else { return };
    let (attempt, page) = world.begin().await;
    let redirect = world.decide(&page, "", "refuse").await;
    let read = attempt.read_redirect(&redirect);
    assert!(
        matches!(&read, Err(RedirectError::Refused { error, .. }) if error == "access_denied"),
        "{read:?}"
    );
    let (other, _) = world.begin().await;
    assert_eq!(other.read_redirect(&redirect).unwrap_err(), RedirectError::State);
}

#[tokio::test]
async fn a_code_is_good_once_for_the_one_who_began() {
    let Some(world) = embedded::start().await else { return };
    let good = world.consent("one").await;
    assert_eq!(world.post(&good).await.0, 200);
    let cases = [
        ("replayed", good),
        ("another verifier", {
            let mut request = world.consent("one").await;
            request.code_verifier = CodeVerifier::from_random([9; 32]);
            request
        }),
        ("another address", {
            let mut request = world.consent("one").await;
            request.redirect_uri = "http://localhost:9720/login/kakao".into();
            request
        }),
        ("made up", {
            let mut request = world.consent("one").await;
            request.code = AuthorizationCode::new("0".repeat(64));
            request
        }),
    ];
    for (name, request) in cases {
        let (status, problem) = world.post(&request).await;
        assert_eq!((status, &problem["type"]), (401, &"urn:naru:problem:code-refused".into()), "{name}");
    }
    let mut request = world.consent("one").await;
    request.nonce = Nonce::from_random([9; 32]);
    let (status, problem) = world.post(&request).await;
    assert_eq!(
        (status, &problem["type"]),
        (401, &"urn:naru:problem:id-token-refused".into()),
        "another nonce"
    );
}

#[tokio::test]
async fn an_address_may_try_so_many_logins_a_minute() {
    let Some(world) = embedded::start().await else { return };
    let mut request = world.consent("one").await;
    let mut refused = 0;
    for attempt in 0..=120 {
        request.code = AuthorizationCode::new(format!("{attempt:064}"));
        let (status, problem) = world.post(&request).await;
        if status == 429 {
            assert_eq!(problem["code"], "rate-limited", "{problem}");
            assert!(problem["retry_after_seconds"].as_u64().is_some_and(|it| it <= 60), "{problem}");
            // The minute may have ended in between, once.
            assert!((60..=120).contains(&refused), "{refused} logins were asked of the provider");
            return;
        }
        assert_eq!(status, 401, "{problem}");
        refused += 1;
    }
    panic!("{refused} failing logins were asked of the provider, and none was one too many");
}

#[tokio::test]
async fn a_code_expires() {
    let Some(world) =
        embedded::start_with(|config| config.kakao_apps[0].code_lifetime = Duration::ZERO).await
    else {
        return;
    };
    let (status, problem) = world.post(&world.consent("one").await).await;
    assert_eq!((status, &problem["type"]), (401, &"urn:naru:problem:code-refused".into()));
}

#[tokio::test]
async fn a_wrong_client_secret_is_ours_to_mend() {
    let Some(world) =
        embedded::start_with(|config| config.kakao_apps[0].client_secret = "changed".into()).await
    else {
        return;
    };
    let (status, problem) = world.post(&world.consent("one").await).await;
    assert_eq!((status, &problem["type"]), (502, &"urn:naru:problem:app-refused".into()));
}

#[tokio::test]
async fn the_login_of_2017_keeps_its_answer_and_takes_our_apps_tokens_alone() {
    let Some(world) = embedded::start().await else { return };
    let (_, today) = world.post(&world.consent("old").await).await;
    let id = today["profile"]["id"].as_str().unwrap();
    let ours = world.tokens_of(&KakaoApp::development(), "old").await;
    let ours = ours["access_token"].as_str().unwrap();

    let (status, answer) = world.login_2017(id, ours).await;
    assert_eq!(status, 200, "{answer}");
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["IdentityId", "Token"]);
    assert_eq!(answer["IdentityId"], today["identityId"], "one player, whichever way in");

    let theirs = world.tokens_of(&other_app(), "old").await;
    let theirs = theirs["access_token"].as_str().unwrap();
    for (id, token, kind) in [
        (id, theirs, "wrong-app"),
        ("4000000009", ours, "wrong-player"),
        (id, "made-up", "token-refused"),
        (id, "", "token-refused"),
    ] {
        let (status, problem) = world.login_2017(id, token).await;
        assert_eq!((status, &problem["type"]), (401, &format!("urn:naru:problem:{kind}").into()));
    }
}

#[tokio::test]
async fn requests_that_are_no_logins_are_refused_without_repeating_them() {
    let Some(world) = embedded::start().await else { return };
    let login = serde_json::to_string(&world.consent("one").await).unwrap();
    for (provider, body, code) in [
        ("kakao", "{}".to_owned(), ProblemCode::BadRequest),
        ("kakao", "canary".to_owned(), ProblemCode::BadRequest),
        ("kakao", "{\"canary\": 1}".to_owned(), ProblemCode::BadRequest),
        ("kakao", format!("{{\"code\": \"{}\"}}", "canary".repeat(10_000)), ProblemCode::TooLarge),
        ("nobody", login, ProblemCode::UnknownProvider),
    ] {
        let url = format!("{}/login/{provider}", world.host.url);
        let answer = world.browser.post(url).header("content-type", "application/json").body(body);
        assert_refused(answer.send().await.unwrap(), code).await;
    }
    let url = format!("{}/login/kakao", world.host.url);
    let form = world.browser.post(&url).body("canary").send().await.unwrap();
    assert_refused(form, ProblemCode::NotJson).await;
    let url = format!("{url}?id=1&access_toke=canary");
    assert_refused(world.browser.get(url).send().await.unwrap(), ProblemCode::BadRequest).await;
}

/// The one shape of a refusal, for logins too, and nothing of the request in it.
async fn assert_refused(answer: reqwest::Response, code: ProblemCode) {
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let (status, problem) = embedded::read(answer).await;
    assert!(!problem.to_string().contains("canary"), "a request may hold a code or a token");
    let problem: Problem = serde_json::from_value(problem).unwrap();
    assert_eq!((problem.code, problem.status, status), (code, code.status(), code.status()));
    assert_eq!(problem.kind, format!("urn:naru:problem:{}", code.as_str()));
    assert!(!problem.detail.is_empty(), "a developer is told something");
}

#[tokio::test]
async fn only_a_whole_token_of_our_pool_names_a_player() {
    let Some(world) = embedded::start().await else { return };
    let (_, answer) = world.post(&world.consent("one").await).await;
    let token = answer["token"].as_str().unwrap().to_owned();
    let verifier = world.verifier();
    assert!(verifier.verify(&token).await.is_ok());

    let kakao = world.tokens_of(&KakaoApp::development(), "one").await;
    let Some(another) = embedded::start().await else { return };
    let (_, foreign) = another.post(&another.consent("one").await).await;
    let mut changed = token.clone().into_bytes();
    let end = changed.len() - 20;
    changed[end] = if changed[end] == b'A' { b'B' } else { b'A' };
    for bad in [
        String::new(),
        "garbage".into(),
        "a.b.c".into(),
        "x".repeat(20_000),
        String::from_utf8(changed).unwrap(),
        format!("{}.", token.rsplit_once('.').unwrap().0),
        kakao["id_token"].as_str().unwrap().into(),
        foreign["token"].as_str().unwrap().into(),
    ] {
        let refused = verifier.verify(&bad).await;
        assert!(matches!(refused, Err(TokenError::Refused(_))), "{refused:?}");
    }
}
