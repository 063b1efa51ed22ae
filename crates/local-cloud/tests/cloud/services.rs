//! The game services of the local cloud, as a logged-in player reaches them.

use naru_protocol::{IssuedRun, Problem, ProblemCode, RecordChange, ScoreboardPage};
use serde_json::{Value, json};

use crate::support;

#[tokio::test]
async fn a_login_of_the_pool_is_a_login_of_the_services() {
    let cloud = support::start().await;
    let url = cloud.cloud.endpoints().services_url.clone();
    let (_, token) = cloud.login("kakao:1").await;
    let client = reqwest::Client::new();
    let post = |token: &str| client.post(format!("{url}/runs")).bearer_auth(token).send();

    let run = post(&token).await.unwrap();
    assert_eq!(run.status(), 201);
    let run: IssuedRun = serde_json::from_str(&run.text().await.unwrap()).unwrap();
    assert_eq!(run.run_id.len(), 32);

    let mut forged = token.clone().into_bytes();
    forged[60] ^= 1;
    for token in [String::from_utf8(forged).unwrap(), "garbage".to_owned()] {
        let refused = post(&token).await.unwrap().text().await.unwrap();
        let refused: Problem = serde_json::from_str(&refused).unwrap();
        assert_eq!(refused.code, ProblemCode::NotLoggedIn);
    }
}

#[tokio::test]
async fn player_data_survives_a_restart() {
    let cloud = support::start().await;
    let (_, token) = cloud.login("kakao:1").await;
    let change = RecordChange { key: "nickname".to_owned(), value: Some("사공".to_owned()), sync_count: 0 };
    let body = json!({"changes": [change]}).to_string();
    let patch = reqwest::Client::new()
        .patch(format!("{}/datasets/profile", cloud.cloud.endpoints().services_url))
        .bearer_auth(&token)
        .header("content-type", "application/json");
    assert_eq!(patch.body(body).send().await.unwrap().status(), 200);

    let cloud = cloud.restart().await;
    let url = &cloud.cloud.endpoints().services_url;
    let get = reqwest::Client::new().get(format!("{url}/datasets/profile")).bearer_auth(&token);
    let text = get.send().await.unwrap().text().await.unwrap();
    let profile: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(profile["records"][0]["value"], "사공");
    let board = reqwest::get(format!("{url}/scoreboard")).await.unwrap().text().await.unwrap();
    let board: ScoreboardPage = serde_json::from_str(&board).unwrap();
    assert!(board.standings.is_empty());
}
