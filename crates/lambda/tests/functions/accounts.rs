//! The login, with its secret in SSM.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::http_api::{body, post, request};
use crate::kakao::{APP_ID, GOOD_CODE, Kakao, PLAYER};
use crate::moto::Moto;
use crate::runtime::Function;

const PROGRAM: &str = env!("CARGO_BIN_EXE_accounts");
const CLIENT_ID: &str = "rest-api-key-of-the-studio";
const PARAMETER: &str = "/mygame/kakao-secret";
const SECRET: &str = "canary-5f1c7e0a";

/// What `infra/functions.tf` sets for a studio with an app at Kakao, and where the test has AWS.
fn studio<'a>(moto: &'a Moto, app_id: &'a str, kakao: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("NARU_DEVELOPER_PROVIDER", "login.mygame"),
        ("NARU_KAKAO_CLIENT_ID", CLIENT_ID),
        ("NARU_KAKAO_APP_ID", app_id),
        ("NARU_KAKAO_SECRET_PARAMETER", PARAMETER),
        ("NARU_KAKAO_URL", kakao),
        ("AWS_ENDPOINT_URL_SSM", &moto.endpoint),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY", &moto.endpoint),
    ]
}

fn login(code: &str) -> Value {
    let random = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    let address = "http://127.0.0.1:9720/login/kakao";
    post(
        "/login/kakao",
        &json!({ "code": code, "code_verifier": random, "redirect_uri": address, "nonce": random }),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_told_of_kakao_and_its_own_page() {
    let Some(moto) = Moto::new().await else { return };
    moto.put_secret(PARAMETER, SECRET).await;
    // Empty, so Kakao's own hosts: they are only listed, not contacted.
    let function = Function::start_with(PROGRAM, &moto, &studio(&moto, "123456", "")).await;
    let answer = function.call(&request("GET", "/login/providers")).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let providers = body(&answer);
    assert_eq!(providers[0]["provider"], "kakao", "the launcher asks for it by this name");
    assert_eq!(providers[0]["clientId"], CLIENT_ID, "Kakao's page must know whose players they are");
    let page = "https://kauth.kakao.com/oauth/authorize";
    assert_eq!(providers[0]["authorizeUrl"], page, "where nothing else is said, it is Kakao itself");
    assert!(!answer.to_string().contains(SECRET), "a secret in a client is none: {answer}");
    assert!(!function.output().contains(SECRET), "logs are kept and read by many: {}", function.output());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_code_is_an_identity_and_a_bad_one_a_problem() {
    let (Some(moto), kakao) = (Moto::new().await, Kakao::start().await) else { return };
    moto.put_secret(PARAMETER, SECRET).await;
    let app_id = APP_ID.to_string();
    let function = Function::start_with(PROGRAM, &moto, &studio(&moto, &app_id, &kakao.url)).await;

    let good = function.call(&login(GOOD_CODE)).await;
    assert_eq!(good["statusCode"], 200, "this app's code of this player: {good}\n{}", function.output());
    assert_eq!(body(&good)["profile"]["id"], PLAYER.to_string(), "the player is who Kakao says");
    for name in ["identityId", "token"] {
        assert!(body(&good)[name].is_string(), "Cognito vouches by {name}: {good}");
    }

    let bad = function.call(&login("a-used-code")).await;
    assert_eq!(bad["statusCode"], 401, "a code that Kakao refuses is nobody: {bad}");
    assert_eq!(bad["headers"]["content-type"], "application/problem+json", "clients read why from it");
    assert_eq!(body(&bad)["type"], "urn:naru:problem:code-refused", "{bad}");

    for form in kakao.exchanges() {
        let sent = form.ends_with(&format!("client_secret={SECRET}"));
        assert!(sent, "Kakao gets the secret as the operator wrote it, decrypted: {form}");
    }
    let log = function.output();
    assert!(log.contains("KOE320"), "the log alone says why a login was refused: {log}");
    for (place, text) in [("an answer", good.to_string()), ("a problem", bad.to_string()), ("the log", log)] {
        assert!(!text.contains(SECRET), "the secret is for Kakao alone, and {place} has it: {text}");
        assert!(
            !text.contains("token-of-the-player"),
            "Kakao's token stays here, and {place} has it: {text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_of_another_app_are_refused() {
    let (Some(moto), kakao) = (Moto::new().await, Kakao::start().await) else { return };
    moto.put_secret(PARAMETER, SECRET).await;
    let function = Function::start_with(PROGRAM, &moto, &studio(&moto, "654321", &kakao.url)).await;
    let answer = function.call(&login(GOOD_CODE)).await;
    let found = body(&answer);
    assert_eq!(
        found["type"], "urn:naru:problem:wrong-app",
        "NARU_KAKAO_APP_ID is what is compared: {answer}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_studio_without_kakao_has_a_login_without_providers() {
    let Some(moto) = Moto::new().await else { return };
    let mut variables = studio(&moto, "", "");
    // As Terraform sets an unset value.
    variables.extend([("NARU_KAKAO_CLIENT_ID", ""), ("NARU_KAKAO_SECRET_PARAMETER", "")]);
    let function = Function::start_with(PROGRAM, &moto, &variables).await;
    let answer = function.call(&request("GET", "/login/providers")).await;
    assert_eq!((&answer["statusCode"], body(&answer)), (&json!(200), json!([])), "no app, no way to log in");
    let refused = function.call(&login(GOOD_CODE)).await;
    assert_eq!(
        body(&refused)["type"],
        "urn:naru:problem:unknown-provider",
        "there is no such row: {refused}"
    );
    let log = function.output();
    assert!(log.contains("NARU_KAKAO_CLIENT_ID is not set"), "it may have been forgotten: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn google_and_facebook_are_offered_where_the_studio_has_apps_there() {
    let Some(moto) = Moto::new().await else { return };
    let of_others =
        [("/mygame/google-secret", "canary-google"), ("/mygame/facebook-secret", "canary-facebook")];
    for (parameter, secret) in of_others.into_iter().chain([(PARAMETER, SECRET)]) {
        moto.put_secret(parameter, secret).await;
    }
    let mut variables = studio(&moto, "123456", "");
    variables.extend([
        ("NARU_GOOGLE_CLIENT_ID", "app.apps.googleusercontent.com"),
        ("NARU_GOOGLE_SECRET_PARAMETER", of_others[0].0),
        ("NARU_FACEBOOK_CLIENT_ID", "1234567890"),
        ("NARU_FACEBOOK_SECRET_PARAMETER", of_others[1].0),
    ]);
    let function = Function::start_with(PROGRAM, &moto, &variables).await;
    let answer = function.call(&request("GET", "/login/providers")).await;
    let rows = body(&answer);
    let [facebook, google, kakao] = rows.as_array().unwrap().as_slice() else { panic!("three: {answer}") };
    assert_eq!(kakao["windowHosts"], json!(["kakao.com"]), "what the launcher's window may show");
    let page = "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent";
    assert_eq!(google["authorizeUrl"], page, "without these there is no refresh token");
    assert_eq!(google["windowHosts"], json!([]), "Google wants a browser");
    let end = "https://www.facebook.com/connect/login_success.html";
    assert_eq!(facebook["redirectUri"], end, "Facebook leads to no address of a player's machine");
    for (_, secret) in of_others {
        assert!(!answer.to_string().contains(secret), "a secret in a client is none: {answer}");
        assert!(!function.output().contains(secret), "nor in a log: {}", function.output());
    }

    variables.push(("NARU_GOOGLE_SECRET_PARAMETER", "/gone"));
    let said = Function::start_with(PROGRAM, &moto, &variables).await.last_words().await;
    let words = "parameter /gone that NARU_GOOGLE_SECRET_PARAMETER names";
    assert!(said.contains(words), "an app without its secret is a fault, and not no app: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_named_at_the_start() {
    let Some(moto) = Moto::new().await else { return };
    for (variable, value, words) in [
        ("NARU_IDENTITY_POOL", "", "NARU_IDENTITY_POOL is not set"),
        ("NARU_DEVELOPER_PROVIDER", "", "NARU_DEVELOPER_PROVIDER is not set"),
        ("NARU_KAKAO_APP_ID", "", "NARU_KAKAO_APP_ID is not set"),
        ("NARU_KAKAO_APP_ID", "my game", "NARU_KAKAO_APP_ID is not a number"),
        ("NARU_KAKAO_SECRET_PARAMETER", "", "NARU_KAKAO_SECRET_PARAMETER is not set"),
        // It does not exist.
        ("NARU_KAKAO_SECRET_PARAMETER", "/gone", "parameter /gone that NARU_KAKAO_SECRET_PARAMETER names"),
        ("NARU_KAKAO_SECRET_PARAMETER", "/gone", "ParameterNotFound"),
        // Nothing listens there.
        ("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9", "can't be read: no answer"),
    ] {
        let mut variables = studio(&moto, "123456", "");
        variables.push((variable, value));
        let said = Function::start_with(PROGRAM, &moto, &variables).await.last_words().await;
        assert!(said.contains(words), "whoever set {variable} to {value:?} has to learn it: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_does_not_go_to_a_host_in_the_clear() {
    let Some(moto) = Moto::new().await else { return };
    moto.put_secret(PARAMETER, SECRET).await;
    let variables = studio(&moto, "123456", "http://kakao.example");
    let said = Function::start_with(PROGRAM, &moto, &variables).await.last_words().await;
    assert!(said.contains("NARU_KAKAO_URL"), "plain HTTP is for this machine: {said}");
    assert!(!said.contains(SECRET), "words at the end are a log too: {said}");
}

/// The longest that a login may take of each: Kakao is just quick enough, and Cognito never answers.
#[tokio::test(flavor = "multi_thread")]
async fn a_player_hears_why_before_the_function_is_stopped() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let cognito = format!("http://{}", silent.local_addr().unwrap());
    tokio::join!(
        is_answered_in_time(Duration::from_millis(3800), &cognito, "no-identity"),
        is_answered_in_time(Duration::from_millis(6500), &cognito, "provider-slow"),
    );
}

async fn is_answered_in_time(each_answer: Duration, cognito: &str, kind: &str) {
    const INFRA: &str = include_str!("../../../../infra/functions.tf");
    // Logins are counted before a provider is asked.
    let Some(moto) = Moto::new().await else { return };
    let kakao = Kakao::start_slow(each_answer).await;
    moto.put_secret(PARAMETER, SECRET).await;
    let app_id = APP_ID.to_string();
    let mut variables = studio(&moto, &app_id, &kakao.url);
    variables.push(("AWS_ENDPOINT_URL_COGNITO_IDENTITY", cognito));
    let function = Function::start_with(PROGRAM, &moto, &variables).await;
    // Its start is not part of the time that a call has.
    function.call(&request("GET", "/login/providers")).await;
    let asked = Instant::now();
    let answer = function.call(&login(GOOD_CODE)).await;
    assert_eq!(body(&answer)["type"], format!("urn:naru:problem:{kind}"), "{answer}");
    assert!(INFRA.contains("\"statistics\" ? 60 : 20"), "the time that this function has");
    assert!(asked.elapsed() < Duration::from_secs(19), "at 20 s it is stopped: {:?}", asked.elapsed());
}
