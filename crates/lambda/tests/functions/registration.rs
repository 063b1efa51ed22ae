//! The user pool's trigger.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::moto::Moto;
use crate::runtime::Function;

const PROGRAM: &str = env!("CARGO_BIN_EXE_registration");
const SUB: &str = "1b7c3a50-3031-70a1-9c5d-2f0a4b8e6d11";
const EMAIL: &str = "player@example.com";

/// The event as Cognito documents it:
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html>
fn confirmation(source: &str) -> Value {
    json!({
        "version": "1",
        "region": "ap-northeast-2",
        "userPoolId": "ap-northeast-2_AbCdEfGhI",
        "userName": SUB,
        "callerContext": { "awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "7example" },
        "triggerSource": source,
        "request": {
            "userAttributes": {
                "sub": SUB,
                "email": EMAIL,
                "email_verified": "true",
                "cognito:user_status": "CONFIRMED"
            },
            "clientMetadata": { "한국어": "나루" }
        },
        "response": {}
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_confirmed_twice_has_its_first_record() {
    let Some(moto) = Moto::new().await else { return };
    let function = Function::start(PROGRAM, &moto).await;
    let event = confirmation("PostConfirmation_ConfirmSignUp");
    assert_eq!(function.call(&event).await, event, "the user pool refuses any answer but its own event");
    let first = moto.items("players").await;
    assert_eq!(first.len(), 1, "a confirmed account has a record: {first:?}");
    assert_eq!(first[0]["player"].as_s().unwrap(), SUB, "the account's id is what sign-ins name");
    assert_eq!(first[0]["email"].as_s().unwrap(), EMAIL, "the confirmed address is what the record is for");

    let mut again = event.clone();
    again["request"]["userAttributes"]["email"] = json!("other@example.com");
    assert_eq!(function.call(&again).await, again, "a second call is no error: the user pool makes it");
    assert_eq!(moto.items("players").await, first, "the first record stays, its address and time with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_new_account_changes_nothing() {
    let Some(moto) = Moto::new().await else { return };
    let function = Function::start(PROGRAM, &moto).await;
    for source in ["PostConfirmation_ConfirmForgotPassword", "PreSignUp_SignUp", ""] {
        let event = confirmation(source);
        assert_eq!(function.call(&event).await, event, "{source}: or the player's new password would fail");
    }
    let players = moto.items("players").await;
    assert!(players.is_empty(), "whoever forgot a password has a record or needs none: {players:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_an_account_is_an_error_and_the_next_one_is_served() {
    let Some(moto) = Moto::new().await else { return };
    let function = Function::start(PROGRAM, &moto).await;
    for (attribute, value) in [("sub", Value::Null), ("email", Value::Null), ("sub", json!("not an id"))] {
        let mut event = confirmation("PostConfirmation_ConfirmSignUp");
        event["request"]["userAttributes"][attribute] = value;
        let error = function.outcome(&event).await.expect_err("a record of nobody can't be kept");
        let words = error["errorMessage"].as_str().unwrap();
        assert!(words.contains("record could not be made"), "the player is shown these words: {words}");
    }
    let event = confirmation("PostConfirmation_ConfirmSignUp");
    assert_eq!(function.call(&event).await, event, "a bad event must not end the function");
    let log = function.output();
    assert!(log.contains("no request.userAttributes.sub"), "the operator has to learn what was wrong: {log}");
    assert!(!log.contains(EMAIL), "a log keeps no addresses of players: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_does_not_answer_is_an_error_before_the_user_pool_gives_up() {
    let Some(moto) = Moto::new().await else { return };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let variables = [("AWS_ENDPOINT_URL_DYNAMODB", address.as_str())];
    let function = Function::start_with(PROGRAM, &moto, &variables).await;
    let asked = Instant::now();
    let outcome = function.outcome(&confirmation("PostConfirmation_ConfirmSignUp")).await;
    assert!(outcome.is_err(), "an account without a record must not look as if it had one: {outcome:?}");
    assert!(asked.elapsed() < Duration::from_secs(5), "after 5 s nobody hears it: {:?}", asked.elapsed());
    let log = function.output();
    assert!(log.contains("did not answer in time"), "or the log would only tell of a timeout: {log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_table_the_function_does_not_start() {
    let Some(moto) = Moto::new().await else { return };
    let function = Function::start_with(PROGRAM, &moto, &[("NARU_TABLE_PLAYERS", "")]).await;
    let words = function.last_words().await;
    assert!(words.contains("NARU_TABLE_PLAYERS is not set"), "the operator has to know what to set: {words}");
}
