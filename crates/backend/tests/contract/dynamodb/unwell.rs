//! DynamoDB when it is busy, or not there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::http::StatusCode;
use naru_backend::scores::{DynamoDbBoard, ScoreBoard};

use super::world;
use crate::stores::player;

fn board(endpoint: &str) -> DynamoDbBoard {
    DynamoDbBoard::new(&world::database(endpoint, "t"))
}

/// Is throttled N times, and then finds nothing.
async fn busy(times: u32) -> (String, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::clone(&asked);
    let answer = async move || match count.fetch_add(1, Ordering::SeqCst) < times {
        true => (
            StatusCode::BAD_REQUEST,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                "message":"The level of configured provisioned throughput for the table was exceeded."}"#,
        ),
        false => (StatusCode::OK, "{}"),
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (url, asked)
}

#[tokio::test]
async fn a_throttled_request_is_tried_again() {
    let (url, asked) = busy(2).await;
    assert_eq!(board(&url).best_of(&player(1)).await.unwrap(), None);
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn what_stays_throttled_says_so() {
    let (url, asked) = busy(u32::MAX).await;
    let error = board(&url).best_of(&player(1)).await.unwrap_err().to_string();
    assert!(
        error.starts_with("reading a best score: ProvisionedThroughputExceededException: The level of"),
        "the operator needs DynamoDB's own words: {error}"
    );
    assert_eq!(asked.load(Ordering::SeqCst), 6, "tries end");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = board(&format!("http://{free}")).best_of(&player(1)).await.unwrap_err();
    let error = error.to_string();
    assert!(error.contains("reading a best score: ") && error.contains("refused"), "{error}");
}
