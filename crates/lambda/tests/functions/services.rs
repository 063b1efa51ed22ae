//! The game services and the stream's consumer.

use serde_json::json;

use crate::http_api::{body, request};
use crate::moto::Moto;
use crate::runtime::{Function, tables_of};

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

#[tokio::test(flavor = "multi_thread")]
async fn without_one_of_its_tables_no_function_starts() {
    let Some(moto) = Moto::new().await else { return };
    let programs = [
        ("scores", env!("CARGO_BIN_EXE_scores")),
        ("statistics", env!("CARGO_BIN_EXE_statistics")),
        ("player_data", env!("CARGO_BIN_EXE_player-data")),
    ];
    for (name, program) in programs {
        assert!(tables_of(name).count() >= 3, "infra/functions.tf names the tables of {name}");
        for table in tables_of(name) {
            let variable: &'static str = format!("NARU_TABLE_{}", table.to_uppercase()).leak();
            let words = Function::start_with(program, &moto, &[(variable, "")]).await.last_words().await;
            assert!(words.contains(&format!("{variable} is not set")), "{name} without {table}: {words}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_to_everybody_is_switched_on_by_one_word() {
    let Some(moto) = Moto::new().await else { return };
    let program = env!("CARGO_BIN_EXE_scores");
    for (value, status) in [("on", 200), ("", 404)] {
        let function = Function::start_with(program, &moto, &[("NARU_SHAPES_2017", value)]).await;
        let answer = function.call(&request("GET", "/2017/scoreboard")).await;
        assert_eq!(answer["statusCode"], status, "{value:?}: {answer}");
    }
    for value in ["false", "off", "true", "1", "ON"] {
        let function = Function::start_with(program, &moto, &[("NARU_SHAPES_2017", value)]).await;
        let words = function.last_words().await;
        assert!(
            words.contains("NARU_SHAPES_2017"),
            "{value:?} may have been meant to switch it off: {words}"
        );
    }
}
