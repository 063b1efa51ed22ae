//! The consumer of the stream, called as AWS Lambda calls it.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_backend::scores::{Recorded, Score, ScoreBoard, ScoreEvent, ScoreStore, ScoreStream};
use naru_backend::statistics::{StatisticsStore, StreamBatch, consume_batch};
use serde_json::{Value, json};

use super::stream::Delivery;
use super::world::{self, DYNALITE, MOTO, Peer, World};
use crate::stores::{player, run_id, score};

/// As AWS documents it, with a score of ours in it:
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>
const EVENT: &str = include_str!("stream-event.json");
const ALL_DONE: &str = r#"{"batchItemFailures":[]}"#;

fn event(number: u128, points: u32) -> ScoreEvent {
    ScoreEvent { run: run_id(number), points }
}

/// What Lambda hands in for these scores.
fn delivered<'a>(scores: impl IntoIterator<Item = &'a Score>) -> String {
    let template: Value = serde_json::from_str(EVENT).unwrap();
    let record = |score: &Score| {
        let mut record = template["Records"][0].clone();
        let image = &mut record["dynamodb"]["NewImage"];
        image["run"]["S"] = score.run.as_str().into();
        image["player"]["S"] = score.player.as_str().into();
        image["points"]["N"] = score.points.to_string().into();
        image["at"]["N"] = score.at.as_millisecond().to_string().into();
        record["dynamodb"]["SequenceNumber"] = format!("s{}", score.run).into();
        record
    };
    json!({ "Records": scores.into_iter().map(record).collect::<Vec<_>>() }).to_string()
}

#[tokio::test]
async fn a_batch_is_read_and_answered() {
    let batch = StreamBatch::read(EVENT).unwrap();
    let pending = batch.pending(10).await.unwrap();
    assert_eq!(pending, [event(1, 120), event(2, 0)], "a removal is no score, and a new attribute no harm");
    assert!(batch.unreadable().is_empty());
    let failures = |sequences: &[&str]| {
        let failures: Vec<_> = sequences.iter().map(|it| json!({ "itemIdentifier": it })).collect();
        json!({ "batchItemFailures": failures }).to_string()
    };
    let [first, second] = ["4421584500000000017450439091", "4421584500000000017450439092"];
    assert_eq!(batch.answer(), failures(&[first, second]), "nothing is acknowledged yet");
    batch.acknowledge(&[run_id(1)]).await.unwrap();
    assert_eq!(batch.answer(), failures(&[second]), "Lambda goes on from here");
    batch.acknowledge(&[run_id(2)]).await.unwrap();
    assert_eq!(batch.answer(), ALL_DONE);
}

#[test]
fn what_is_no_batch_is_refused() {
    for event in ["", "{}", "[]", r#"{"Records":[{"eventName":"INSERT"}]}"#] {
        assert!(StreamBatch::read(event).is_err(), "{event:?} answered as done would lose a batch");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_come_three_times_and_out_of_order_count_once() {
    let Some(world) = World::on(MOTO).await else { return };
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let scores: Vec<_> = (1..=90).map(|number| score(number, rng.u32(..7), rng.u32(..9) * 20)).collect();
    let mut thrice = [scores.clone(), scores.clone(), scores.clone()].concat();
    rng.shuffle(&mut thrice);

    let mut calls = tokio::task::JoinSet::new();
    for batch in thrice.chunks(35) {
        let (database, event) = (world.database.clone(), delivered(batch));
        calls
            .spawn(async move { consume_batch(&database, &event, |fault| panic!("{fault}")).await.unwrap() });
    }
    for answer in calls.join_all().await {
        assert_eq!(answer, ALL_DONE);
    }
    let mut exact = BTreeMap::new();
    scores.iter().for_each(|score| *exact.entry(score.points).or_insert(0) += 1);
    let counted = world.statistics.histogram().await.unwrap();
    let counted: Vec<_> = counted.into_iter().map(|count| (count.points, count.count)).collect();
    assert_eq!(counted, exact.into_iter().collect::<Vec<_>>());

    // Nothing but the stream has told the board of these scores.
    for by in 0..7 {
        let of_player = scores.iter().filter(|score| score.player == player(by));
        let best = of_player.max_by_key(|score| (score.points, std::cmp::Reverse(score.at))).unwrap();
        let on_board = world.board.best_of(&player(by)).await.unwrap().unwrap();
        assert_eq!(on_board.key.run, best.run, "in whatever order they came");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_cannot_be_read_holds_up_no_other() {
    let Some(world) = World::on(MOTO).await else { return };
    let mut event: Value = serde_json::from_str(&delivered(&[score(1, 1, 10), score(2, 1, 20)])).unwrap();
    event["Records"][0]["dynamodb"]["NewImage"]["points"] = json!({ "M": {} });
    let answer = consume_batch(&world.database, &event.to_string(), |_| {}).await.unwrap();
    assert_eq!(answer, format!(r#"{{"batchItemFailures":[{{"itemIdentifier":"s{}"}}]}}"#, run_id(1)));
    let counted = world.statistics.histogram().await.unwrap();
    assert_eq!(counted.iter().map(|count| count.points).collect::<Vec<_>>(), [20], "the one behind it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_failed_counts_when_it_comes_again() {
    let Some(world) = World::on(MOTO).await else { return };
    let event = delivered(&[score(1, 1, 10), score(2, 1, 20)]);
    let nowhere = world::database(&world.endpoint, "absent");
    let answer = consume_batch(&nowhere, &event, |_| {}).await.unwrap();
    assert_eq!(answer.matches("itemIdentifier").count(), 2, "all of it is to come again: {answer}");
    for _ in 0..2 {
        assert_eq!(
            consume_batch(&world.database, &event, |fault| panic!("{fault}")).await.unwrap(),
            ALL_DONE
        );
    }
    let counts: Vec<_> =
        world.statistics.histogram().await.unwrap().iter().map(|count| count.count).collect();
    assert_eq!(counts, [1, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_was_not_written_is_made_up_for_on_moto() {
    a_board_that_was_not_written_is_made_up_for(MOTO).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_that_was_not_written_is_made_up_for_on_dynalite() {
    a_board_that_was_not_written_is_made_up_for(DYNALITE).await;
}

async fn a_board_that_was_not_written_is_made_up_for(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    let without_board = world.database_without("board");
    for (number, by) in [(1, 1), (2, 2)] {
        let error = without_board.record(&score(number, by, 50), None).await.unwrap_err();
        assert_eq!(error.doing, "raising a best score", "the score is stored, its place is not");
    }
    // The client of player 1 sends its recording again; that of player 2 does not.
    let again = world.database.record(&score(1, 1, 50), Some("name")).await.unwrap();
    assert_eq!(again, Recorded::Same(score(1, 1, 50)));
    let best = world.board.best_of(&player(1)).await.unwrap().unwrap();
    assert_eq!((best.key.points, best.nickname.as_deref()), (50, Some("name")), "the name was missed, too");
    assert_eq!(world.board.best_of(&player(2)).await.unwrap(), None);
    let batch = StreamBatch::read(&Delivery::of(&world).event().await).unwrap();
    batch.raise_missed_bests(&world.database).await.unwrap();
    assert_eq!(world.board.best_of(&player(2)).await.unwrap().unwrap().key.points, 50);
}
