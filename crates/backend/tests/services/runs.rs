//! Issuing runs, and how many.

use std::collections::BTreeSet;

use naru_backend::domain::ServiceLimits;
use naru_backend::http::Options;
use naru_protocol::ProblemCode;
use reqwest::Method;

use crate::server::{Server, problem};

#[tokio::test]
async fn no_two_runs_are_alike() {
    let server = Server::start().await;
    let mut ids = BTreeSet::new();
    let mut seeds = BTreeSet::new();
    for _ in 0..50 {
        let run = server.run(1).await;
        assert_eq!(run.rules_version, 1);
        ids.insert(run.run_id);
        seeds.insert(run.seed);
    }
    assert_eq!((ids.len(), seeds.len()), (50, 50));
}

#[tokio::test]
async fn a_player_gets_so_many_runs_a_minute() {
    let limits = ServiceLimits { runs_per_minute: 3, ..ServiceLimits::default() };
    let server = Server::start_with(limits, Options::default()).await;
    for _ in 0..3 {
        server.run(1).await;
    }
    let response = server.request(Method::POST, "/runs", 1).send().await.unwrap();
    let wait = response.headers()["retry-after"].to_str().unwrap().to_owned();
    let refused = problem(response).await;
    assert_eq!((refused.status, refused.code), (429, ProblemCode::RateLimited));
    assert_eq!(refused.retry_after_seconds.unwrap().to_string(), wait);
    server.run(2).await;
    server.clock.advance(i64::from(refused.retry_after_seconds.unwrap()) * 1000);
    server.run(1).await;
}
