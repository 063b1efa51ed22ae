//! The built programs, called as AWS Lambda calls them: by the runtime API that they ask for work.
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
//!
//! DynamoDB is moto, named by `NARU_TEST_MOTO`; `cargo xtask test` starts it. Where it is not named,
//! the tests say so and check nothing.
#![allow(clippy::unwrap_used)]

mod runtime;

use serde_json::{Value, json};

use crate::runtime::Function;

const EVENT: &str = include_str!("../../backend/tests/contract/dynamodb/stream-event.json");

/// A request as an HTTP API hands it in, payload format 2.0:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
fn request(method: &str, path: &str) -> Value {
    json!({
        "version": "2.0",
        "routeKey": format!("ANY {path}"),
        "rawPath": path,
        "rawQueryString": "",
        "headers": { "host": "abc.execute-api.ap-northeast-2.amazonaws.com", "authorization": "Bearer nobody" },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc",
            "domainName": "abc.execute-api.ap-northeast-2.amazonaws.com",
            "domainPrefix": "abc",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test"
            },
            "requestId": "id",
            "routeKey": format!("ANY {path}"),
            "stage": "$default",
            "time": "21/Nov/2026:00:00:00 +0000",
            "timeEpoch": 1_795_219_200_000_u64
        },
        "isBase64Encoded": false
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_that_the_stream_delivers_is_in_the_answer_of_the_history() {
    let Some(tables) = runtime::tables().await else { return };
    let statistics = Function::start(env!("CARGO_BIN_EXE_statistics"), &tables).await;
    for _ in 0..3 {
        let answer = statistics.call(&serde_json::from_str(EVENT).unwrap()).await;
        assert_eq!(answer, json!({ "batchItemFailures": [] }), "each delivery is done with");
    }
    let scores = Function::start(env!("CARGO_BIN_EXE_scores"), &tables).await;
    let answer = scores.call(&request("GET", "/scorehistory")).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let history: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    let bars = json!([{ "from": 0, "count": 1 }, { "from": 120, "count": 1 }]);
    assert_eq!((&history["total"], &history["bars"]), (&json!(2), &bars), "each score counted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_logged_in_is_told_so_by_every_function_of_the_api() {
    let Some(tables) = runtime::tables().await else { return };
    for (program, method, path) in [
        (env!("CARGO_BIN_EXE_scores"), "POST", "/runs"),
        (env!("CARGO_BIN_EXE_player-data"), "GET", "/datasets"),
    ] {
        let answer = Function::start(program, &tables).await.call(&request(method, path)).await;
        assert_eq!(answer["statusCode"], 401, "{path}: {answer}");
        assert_eq!(answer["headers"]["content-type"], "application/problem+json", "{path}");
    }
}
