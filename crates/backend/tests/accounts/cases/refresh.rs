//! A login that is refreshed, at the embedded cloud.

use std::time::Duration;

use naru_local_cloud::KakaoApp;
use naru_protocol::ProblemCode;
use serde_json::{Value, json};

use super::embedded::{self, World, other_app, read};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A player who has logged in: the answer.
async fn logged_in(world: &World, nickname: &str) -> Value {
    let (status, answer) = world.post(&world.consent(nickname).await).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

fn asked(refresh_token: &Value, login: &Value) -> Value {
    json!({ "refresh_token": refresh_token, "id": login["profile"]["id"] })
}

async fn refresh(world: &World, body: &Value) -> (u16, Value) {
    refresh_at(world, "kakao", body.to_string()).await
}

async fn refresh_at(world: &World, provider: &str, body: String) -> (u16, Value) {
    let url = format!("{}/login/{provider}/refresh", world.host.url);
    let sent = world.browser.post(url).header("content-type", "application/json").body(body);
    read(sent.send().await.unwrap()).await
}

fn assert_refused((status, problem): (u16, Value), code: ProblemCode, why: &str) {
    assert_eq!((status, problem["code"].as_str()), (code.status(), Some(code.as_str())), "{why}: {problem}");
}

#[tokio::test]
async fn a_refresh_token_is_worth_another_token_of_the_same_player() {
    let Some(world) = embedded::start().await else { return };
    let login = logged_in(&world, "나루").await;
    for turn in 0..2 {
        let (status, again) = refresh(&world, &asked(&login["refreshToken"], &login)).await;
        assert_eq!(status, 200, "{turn}: {again}");
        assert_eq!(again["identityId"], login["identityId"], "the player stays who he is");
        assert_eq!(again["profile"], login["profile"], "and is called as before");
        assert_eq!(again["refreshToken"], Value::Null, "two months are left, so the old one stays good");
        let player = world.verifier().verify(again["token"].as_str().unwrap()).await.unwrap();
        assert_eq!(again["identityId"], player.as_str(), "the services take the new token");
    }
}

#[tokio::test]
async fn a_refresh_token_in_its_last_month_is_replaced_and_good_for_nothing_then() {
    let month = |config: &mut naru_local_cloud::Config| config.kakao_apps[0].refresh_lifetime = 29 * DAY;
    let Some(world) = embedded::start_with(month).await else { return };
    let login = logged_in(&world, "one").await;
    let (status, again) = refresh(&world, &asked(&login["refreshToken"], &login)).await;
    assert_eq!(status, 200, "{again}");
    assert_ne!(
        again["refreshToken"], login["refreshToken"],
        "Kakao has given a new one, and it is passed on"
    );
    let replayed = refresh(&world, &asked(&login["refreshToken"], &login)).await;
    assert_refused(replayed, ProblemCode::RefreshRefused, "whoever kept the old one has nothing");
    let (status, next) = refresh(&world, &asked(&again["refreshToken"], &login)).await;
    assert_eq!(status, 200, "the new one goes on: {next}");
}

#[tokio::test]
async fn a_refresh_token_that_has_expired_or_was_taken_back_means_logging_in_again() {
    let at_once =
        |config: &mut naru_local_cloud::Config| config.kakao_apps[0].refresh_lifetime = Duration::ZERO;
    let Some(world) = embedded::start_with(at_once).await else { return };
    let login = logged_in(&world, "one").await;
    let expired = refresh(&world, &asked(&login["refreshToken"], &login)).await;
    assert_refused(expired, ProblemCode::RefreshRefused, "after two months without a refresh");

    let Some(world) = embedded::start().await else { return };
    let login = logged_in(&world, "one").await;
    let access = world.tokens_of(&KakaoApp::development(), "one").await;
    let unlink = format!("{}/v1/user/unlink", world.cloud.endpoints().kakao_url);
    let unlink = world.browser.post(unlink).bearer_auth(access["access_token"].as_str().unwrap());
    assert_eq!(unlink.send().await.unwrap().status(), 200, "the player parts with the app at Kakao");
    let revoked = refresh(&world, &asked(&login["refreshToken"], &login)).await;
    assert_refused(revoked, ProblemCode::RefreshRefused, "and his login ends with that");
}

#[tokio::test]
async fn the_refresh_token_of_another_app_or_player_is_nobodys() {
    let Some(world) = embedded::start().await else { return };
    let login = logged_in(&world, "one").await;
    let theirs = world.tokens_of(&other_app(), "one").await;
    let smuggled = refresh(&world, &asked(&theirs["refresh_token"], &login)).await;
    assert_refused(smuggled, ProblemCode::RefreshRefused, "another app's, of the same player");
    let other = logged_in(&world, "two").await;
    let mixed_up = refresh(&world, &asked(&other["refreshToken"], &login)).await;
    assert_refused(mixed_up, ProblemCode::WrongPlayer, "nobody becomes another player unnoticed");
    let access = world.tokens_of(&KakaoApp::development(), "one").await;
    let other_kind = refresh(&world, &asked(&access["access_token"], &login)).await;
    assert_refused(other_kind, ProblemCode::RefreshRefused, "an access token is none");
}

#[tokio::test]
async fn what_is_no_refresh_is_refused_without_repeating_it() {
    let Some(world) = embedded::start().await else { return };
    let login = logged_in(&world, "one").await;
    let login_again = asked(&login["refreshToken"], &login);
    let of = |token: &str| asked(&token.into(), &login).to_string();
    let with_more = json!({ "refresh_token": "canary", "id": "1", "canary": 1 }).to_string();
    for (provider, body, code) in [
        ("kakao", of("canary"), ProblemCode::RefreshRefused),
        ("kakao", of(""), ProblemCode::RefreshRefused),
        ("kakao", of("canary\r\n&grant_type=authorization_code"), ProblemCode::RefreshRefused),
        ("kakao", of(&"canary".repeat(10_000)), ProblemCode::TooLarge),
        ("kakao", "canary".to_owned(), ProblemCode::BadRequest),
        ("kakao", "{}".to_owned(), ProblemCode::BadRequest),
        ("kakao", with_more, ProblemCode::BadRequest),
        ("nobody", of("canary"), ProblemCode::UnknownProvider),
    ] {
        let (status, problem) = refresh_at(&world, provider, body).await;
        assert!(!problem.to_string().contains("canary"), "an answer repeats no secret: {problem}");
        assert_refused((status, problem), code, provider);
    }
    let url = format!("{}/login/kakao/refresh?refresh_token=canary&id=1", world.host.url);
    let in_url = world.browser.get(url).send().await.unwrap();
    assert_eq!(in_url.status(), 405, "a secret does not travel in a URL");
    let (status, again) = refresh(&world, &login_again).await;
    assert_eq!(status, 200, "none of that has ended the login: {again}");
}

#[tokio::test]
async fn what_the_operator_has_to_mend_logs_nobody_out() {
    let changed =
        |config: &mut naru_local_cloud::Config| config.kakao_apps[0].client_secret = "changed".into();
    let Some(world) = embedded::start_with(changed).await else { return };
    let refused = refresh(&world, &json!({ "refresh_token": "any", "id": "1" })).await;
    assert_refused(refused, ProblemCode::AppRefused, "a wrong secret says nothing of the player");
}
