//! The game services and the stream's consumer.

use serde_json::json;

use crate::http_api::{body, request};
use crate::moto::Moto;
use crate::runtime::Function;

const EVENT: &str = include_str!("../../../backend/tests/contract/dynamodb/stream-event.json");

#[tokio::test(flavor = "multi_thread")]
async fn a_score_that_the_stream_delivers_is_in_the_answer_of_the_history() {
    let Some(moto) = Moto::new().await else { return };
    let statistics = Function::start(env!("CARGO_BIN_EXE_statistics"), &moto).await;
    for _ in 0..3 {
        let answer = statistics.call(&serde_json::from_str(EVENT).unwrap()).await;
        assert_eq!(answer, json!({ "batchItemFailures": [] }), "each delivery is done with");
    }
    let scores = Function::start(env!("CARGO_BIN_EXE_scores"), &moto).await;
    let answer = scores.call(&request("GET", "/scorehistory")).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let history = body(&answer);
    let bars = json!([{ "from": 0, "count": 1 }, { "from": 120, "count": 1 }]);
    assert_eq!((&history["total"], &history["bars"]), (&json!(2), &bars), "each score counted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_logged_in_is_told_so_by_every_function_of_the_api() {
    let Some(moto) = Moto::new().await else { return };
    for (program, method, path) in [
        (env!("CARGO_BIN_EXE_scores"), "POST", "/runs"),
        (env!("CARGO_BIN_EXE_player-data"), "GET", "/datasets"),
    ] {
        let answer = Function::start(program, &moto).await.call(&request(method, path)).await;
        assert_eq!(answer["statusCode"], 401, "{path}: {answer}");
        assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{path}");
    }
}
