//! A write that was made and whose answer was lost: the SDK sends it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use naru_backend::player_data::{Commit, Dataset, DatasetName, DatasetStore};
use naru_backend::scores::{Recorded, Run, RunStore, ScoreBoard, ScoreEvent, ScoreStore};
use naru_backend::statistics::{DynamoDbStatistics, StatisticsStore};
use naru_protocol::{DatasetUpdate, RecordChange};

use super::world::{self, MOTO, World};
use crate::stores::{at, player, run_id, score};

/// Hands everything on; the answer to the first request of one kind, when it was a good one, is lost.
#[derive(Clone)]
struct Proxy {
    to: String,
    operation: &'static str,
    lost: Arc<AtomicBool>,
}

impl Proxy {
    async fn before(world: &World, operation: &'static str) -> (String, Arc<AtomicBool>) {
        let lost = Arc::new(AtomicBool::new(false));
        let proxy = Proxy { to: world.endpoint.clone(), operation, lost: Arc::clone(&lost) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(hand_on).with_state(proxy);
        tokio::spawn(async move { axum::serve(listener, router).await });
        (url, lost)
    }
}

async fn hand_on(State(proxy): State<Proxy>, headers: HeaderMap, body: Bytes) -> (StatusCode, Bytes) {
    let mut request = reqwest::Client::new().post(&proxy.to).body(body);
    for name in ["x-amz-target", "x-amz-date", "authorization", "content-type"] {
        request = request.header(name, &headers[name]);
    }
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.bytes().await.unwrap());
    let target = headers["x-amz-target"].to_str().unwrap();
    if status.is_success() && target.ends_with(proxy.operation) && !proxy.lost.swap(true, Ordering::SeqCst) {
        return (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new());
    }
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_issued() {
    let Some(world) = World::on(MOTO).await else { return };
    let (url, lost) = Proxy::before(&world, ".PutItem").await;
    let run = Run { id: run_id(1), player: player(1), seed: 1, rules_version: 1, issued_at: at(0) };
    world::database(&url, &world.prefix).issue(&run, at(-1)).await.unwrap();
    assert!(lost.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_stored_once_and_on_the_board() {
    let Some(world) = World::on(MOTO).await else { return };
    let (url, lost) = Proxy::before(&world, ".PutItem").await;
    let recorded = world::database(&url, &world.prefix).record(&score(1, 1, 10), Some("name")).await.unwrap();
    assert!(lost.load(Ordering::SeqCst));
    assert_eq!(recorded, Recorded::Same(score(1, 1, 10)), "who can't tell says that it was stored before");
    let best = world.board.best_of(&player(1)).await.unwrap().expect("a place all the same");
    assert_eq!(best.nickname.as_deref(), Some("name"), "under the player's name");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_counts_once() {
    let Some(world) = World::on(MOTO).await else { return };
    let (url, lost) = Proxy::before(&world, ".TransactWriteItems").await;
    let events = [1, 2].map(|number| ScoreEvent { run: run_id(number), points: 10 });
    DynamoDbStatistics::new(&world::database(&url, &world.prefix)).apply(&events).await.unwrap();
    assert!(lost.load(Ordering::SeqCst));
    assert_eq!(world.statistics.histogram().await.unwrap()[0].count, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dataset_changes_and_keeps_its_segment() {
    let Some(world) = World::on(MOTO).await else { return };
    let (url, lost) = Proxy::before(&world, ".UpdateItem").await;
    let name = DatasetName::parse("save").unwrap();
    let change = RecordChange { key: "k".to_owned(), value: Some("v".to_owned()), sync_count: 0 };
    let revision = Dataset::absent(0).revise(&DatasetUpdate { changes: vec![change] }, at(1)).unwrap();
    let commit = world::database(&url, &world.prefix).commit(&player(1), &name, &revision).await.unwrap();
    assert!(lost.load(Ordering::SeqCst));
    assert_eq!(commit, Commit::Done);
    let dataset = world.database.load(&player(1), &name).await.unwrap();
    assert_eq!(
        dataset.records["k"].value.as_deref(),
        Some("v"),
        "what the head names must not be cleared away"
    );
}
