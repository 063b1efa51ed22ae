//! What requests cost in reads, counted on their way to the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::ToSpan;
use naru_backend::platform::{Clock, DynamoDb, SystemClock};
use naru_backend::scores::{DynamoDbBoard, ScoreBoard, ScoreStore};
use naru_backend::statistics::{DynamoDbStatistics, StatisticsStore};
use serde_json::Value;

use super::world::{self, MOTO, World};
use crate::stores::{player, score};

/// Hands everything on, and counts the items that were read, by operation.
#[derive(Clone)]
struct Meter {
    to: String,
    read: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Meter {
    async fn before(world: &World) -> (Meter, DynamoDb) {
        let meter = Meter { to: world.endpoint.clone(), read: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(count).with_state(meter.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (meter, world::database(&url, &world.prefix))
    }

    /// What was read since the last time; a reading of nothing counts as one, as DynamoDB has it.
    fn take(&self, operation: &str) -> u64 {
        self.read.lock().unwrap().remove(operation).unwrap_or(0)
    }
}

async fn count(State(meter): State<Meter>, headers: HeaderMap, body: Bytes) -> (StatusCode, Bytes) {
    let mut request = reqwest::Client::new().post(&meter.to).body(body);
    for name in ["x-amz-target", "x-amz-date", "authorization", "content-type"] {
        request = request.header(name, &headers[name]);
    }
    let answer = request.send().await.unwrap();
    let (status, body) = (answer.status(), answer.bytes().await.unwrap());
    let operation = headers["x-amz-target"].to_str().unwrap().rsplit('.').next().unwrap();
    let scanned = serde_json::from_slice::<Value>(&body).unwrap()["ScannedCount"].as_u64();
    *meter.read.lock().unwrap().entry(operation.to_owned()).or_default() += scanned.unwrap_or(1).max(1);
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rank_is_counted_once_a_minute_whoever_asks_and_anew_for_a_better_score() {
    let Some(world) = World::on(MOTO).await else { return };
    for number in 1..=9 {
        let points = 100 - u32::try_from(number).unwrap();
        world.database.record(&score(number, u32::try_from(number).unwrap(), points), None).await.unwrap();
    }
    let (meter, database) = Meter::before(&world).await;
    let board = DynamoDbBoard::new(&database);
    let now = SystemClock.now();
    let rank = async |seconds: i64| {
        let best = board.best_of(&player(9)).await.unwrap().unwrap();
        board.rank_of(&best, now + seconds.seconds()).await.unwrap()
    };
    assert_eq!((rank(0).await, meter.take("Query")), (9, 8), "counted: the eight above were read");

    world.database.record(&score(10, 10, 1000), None).await.unwrap();
    // As another instance of the function, which remembers nothing itself.
    let (other, elsewhere) = Meter::before(&world).await;
    let elsewhere = DynamoDbBoard::new(&elsewhere);
    let best = elsewhere.best_of(&player(9)).await.unwrap().unwrap();
    assert_eq!(elsewhere.rank_of(&best, now + 30.seconds()).await.unwrap(), 9, "at most a minute old");
    assert_eq!((other.take("Query"), other.take("GetItem")), (0, 1), "the player's item is all that is read");

    for _ in 0..20 {
        rank(59).await;
    }
    assert_eq!(meter.take("Query"), 0, "a player who asks again and again costs no count");
    assert_eq!((rank(60).await, meter.take("Query")), (10, 9), "a minute later it is counted anew");

    database.record(&score(11, 9, 99), None).await.unwrap();
    meter.take("Query");
    assert_eq!((rank(61).await, meter.take("Query")), (3, 2), "a better score is told its own rank at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_was_kept_for_another_place_is_not_told() {
    let Some(world) = World::on(MOTO).await else { return };
    world.database.record(&score(1, 1, 50), None).await.unwrap();
    world.database.record(&score(2, 2, 70), None).await.unwrap();
    let before = world.board.best_of(&player(1)).await.unwrap().unwrap();
    world.database.record(&score(3, 1, 90), None).await.unwrap();
    let now = SystemClock.now();
    assert_eq!(world.board.rank_of(&before, now).await.unwrap(), 3, "of the place that was read");
    let after = world.board.best_of(&player(1)).await.unwrap().unwrap();
    assert_eq!(world.board.rank_of(&after, now).await.unwrap(), 1, "the slower request left nothing behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_statistics_are_read_once_for_all_who_ask_meanwhile() {
    let Some(world) = World::on(MOTO).await else { return };
    let (meter, database) = Meter::before(&world).await;
    let statistics = DynamoDbStatistics::new(&database);
    let asked: Vec<_> = (0..20)
        .map(|_| {
            let statistics = statistics.clone();
            tokio::spawn(async move { statistics.histogram().await.unwrap() })
        })
        .collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap(), []);
    }
    assert_eq!(meter.take("Scan"), 1, "of 20 who ask at once one reads");
    let impatient = statistics.telling_for(Duration::ZERO);
    impatient.histogram().await.unwrap();
    impatient.histogram().await.unwrap();
    assert_eq!(meter.take("Scan"), 2, "what is told is as old as was set, and no older");
}
