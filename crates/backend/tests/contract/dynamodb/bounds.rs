//! What the adapter keeps within bounds: costs, sizes, and how long things stay.

use std::collections::{BTreeSet, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use naru_backend::platform::{AllowanceStore, Clock, Requester, SystemClock};
use naru_backend::player_data::{Commit, Dataset, DatasetName, DatasetStore, Deletion};
use naru_backend::scores::{
    BoardKey, Playing, PlayingStore, Run, RunId, RunStore, ScoreBoard, ScoreEvent, ScoreStore,
};
use naru_backend::statistics::StatisticsStore;
use naru_protocol::{DatasetUpdate, RecordChange};

use super::tables;
use super::world::{DYNALITE, MOTO, Peer, World};
use crate::stores::{at, player, run_id, score};

/// The same on both servers, each under its own name.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod on_moto {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::MOTO).await; })+
        }
        mod on_dynalite {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name(super::DYNALITE).await; })+
        }
    };
}

on_both! {
    a_rank_is_counted_to_a_number_of_places,
    what_expires_says_when,
    a_dataset_that_changes_often_stays_small,
    a_dataset_of_removals_is_not_written_anew_by_each_change,
    a_deleted_dataset_leaves_nothing,
    a_dataset_without_one_of_its_segments_is_an_error,
    an_item_of_another_shape_is_told,
}

async fn a_rank_is_counted_to_a_number_of_places(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    for number in 1..=9 {
        world.database.record(&score(number, u32::try_from(number).unwrap(), 100), None).await.unwrap();
    }
    let bounded = world.board.clone().counting_places_to(5);
    for before in 0..9 {
        let place = score(u128::from(before) + 1, 1, 100);
        let place = BoardKey { points: 100, reached_at: place.at, run: place.run };
        assert_eq!(world.board.count_before(&place).await.unwrap(), before);
        assert_eq!(
            bounded.count_before(&place).await.unwrap(),
            before.min(5),
            "no more is read, or paid for"
        );
    }
}

async fn what_expires_says_when(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    let now = SystemClock.now();
    let id = RunId::from_random([7; 16]);
    let run = Run { id, player: player(1), seed: 1, rules_version: 1, issued_at: now };
    world.database.issue(&run, Run::outlived(now)).await.unwrap();
    world.database.take(&Requester::Player(player(1)), "run", 1, 5).await.unwrap();
    PlayingStore::commit(&world.database, &player(1), 0, &Playing::default()).await.unwrap();
    world.database.record(&score(1, 1, 10), None).await.unwrap();
    commit(&world, "save", "k", "v").await;
    if peer == MOTO {
        world.statistics.apply(&[ScoreEvent { run: run_id(1), points: 10 }]).await.unwrap();
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    for table in tables::of_infra() {
        for item in world.items(&table.name).await {
            let Some(expires) = item.get("expires_at") else {
                assert!(!table.expires(), "{}: {item:?} would stay for ever", table.name);
                continue;
            };
            assert!(table.expires(), "{}: DynamoDB is not told to look at it", table.name);
            // In milliseconds it would be the year 58,000, and nothing would ever be deleted.
            let left = expires.as_n().unwrap().parse::<u64>().unwrap() - seconds;
            assert!((3600..=31 * 24 * 3600).contains(&left), "{}: {left} s", table.name);
        }
    }
    let kept = world.items("runs").await[0]["expires_at"].as_n().unwrap().parse::<u64>().unwrap() - seconds;
    assert!((14_395..=14_401).contains(&kept), "twice the two hours in which its score may come: {kept} s");
}

async fn commit(world: &World, name: &str, key: &str, value: &str) -> Dataset {
    let name = DatasetName::parse(name).unwrap();
    let dataset = DatasetStore::load(&world.database, &player(1), &name).await.unwrap();
    let sync_count = dataset.records.get(key).map_or(0, |record| record.sync_count);
    let change = RecordChange { key: key.to_owned(), value: Some(value.to_owned()), sync_count };
    let revision = dataset.revise(&DatasetUpdate { changes: vec![change] }, at(1)).unwrap();
    assert_eq!(
        DatasetStore::commit(&world.database, &player(1), &name, &revision).await.unwrap(),
        Commit::Done
    );
    dataset
}

async fn a_dataset_that_changes_often_stays_small(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    for turn in 0..40 {
        commit(&world, "save", "k", &turn.to_string()).await;
        let items = world.items("datasets").await.len();
        assert!(items <= 17, "{items} items after {turn} changes: each reader would read them all");
    }
    let long = "x".repeat(200_000);
    for turn in 0..12 {
        commit(&world, "save", "k", &format!("{long}{turn}")).await;
        let bytes: usize = world.items("datasets").await.iter().map(part_bytes).sum();
        assert!(bytes <= 450_000, "{bytes} bytes are stored for {}", long.len());
    }
}

async fn a_dataset_of_removals_is_not_written_anew_by_each_change(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    let name = DatasetName::parse("save").unwrap();
    // Of the longest keys: what is remembered of them is larger than what a dataset may grow to unasked.
    let keys: Vec<_> = (0..1024).map(|number| format!("{}{number:04}", "가".repeat(124))).collect();
    for (sync_count, value) in [(0, Some("v")), (1, None)] {
        let changes = keys.iter().map(|key| RecordChange {
            key: key.clone(),
            value: value.map(str::to_owned),
            sync_count,
        });
        let dataset = DatasetStore::load(&world.database, &player(1), &name).await.unwrap();
        let revision = dataset.revise(&DatasetUpdate { changes: changes.collect() }, at(1)).unwrap();
        assert_eq!(
            DatasetStore::commit(&world.database, &player(1), &name, &revision).await.unwrap(),
            Commit::Done
        );
    }
    let mut large = BTreeSet::new();
    for turn in 0..10 {
        commit(&world, "save", "k", &turn.to_string()).await;
        let items = world.items("datasets").await.into_iter().filter(|item| part_bytes(item) > 100_000);
        large.extend(items.map(|item| item["item"].as_s().unwrap().clone()));
    }
    assert!(large.len() <= 2, "a change of one record costs that record: {large:?}");
}

fn part_bytes(item: &HashMap<String, AttributeValue>) -> usize {
    item.get("part").map_or(0, |part| part.as_b().unwrap().as_ref().len())
}

async fn a_deleted_dataset_leaves_nothing(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    let name = DatasetName::parse("save").unwrap();
    for key in ["a", "b", "c"] {
        commit(&world, "save", key, "v").await;
    }
    commit(&world, "save2", "k", "of another dataset").await;
    // What two writers left behind that did not get to the head: one too late, one that may still get
    // there, because it makes the dataset anew after the deletion.
    for sync_count in [2, 5] {
        let item = format!("save/{sync_count:016x}.{:016x}.1/0", 7);
        let put = world.client.put_item().table_name(world.table("datasets"));
        let put = put.item("player", AttributeValue::S(player(1).to_string()));
        let put = put.item("item", AttributeValue::S(item));
        put.item("part", AttributeValue::B(Blob::new("{}"))).send().await.unwrap();
    }
    for expected in [Deletion::Deleted, Deletion::Absent] {
        assert_eq!(world.database.delete(&player(1), &name).await.unwrap(), expected);
        let left = world.items("datasets").await;
        let mut left: Vec<_> = left.iter().map(|item| item["item"].as_s().unwrap().as_str()).collect();
        left.sort_unstable();
        assert_eq!(
            left.len(),
            3,
            "{left:?}: the heads, the other dataset's record, and the writer's to come"
        );
        assert!(left[0] == "heads" && left[2].starts_with("save2/"), "{left:?}");
        assert!(left[1].starts_with("save/0000000000000005."), "{left:?}");
    }
}

async fn a_dataset_without_one_of_its_segments_is_an_error(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    for key in ["a", "b"] {
        commit(&world, "save", key, "v").await;
    }
    let items = world.items("datasets").await;
    let segment = items.iter().find(|item| item["item"].as_s().unwrap().starts_with("save/")).unwrap();
    let delete = world.client.delete_item().table_name(world.table("datasets"));
    let delete = delete.key("player", segment["player"].clone()).key("item", segment["item"].clone());
    delete.send().await.unwrap();
    let loaded = DatasetStore::load(&world.database, &player(1), &DatasetName::parse("save").unwrap()).await;
    let error = loaded.unwrap_err().to_string();
    assert_eq!(
        error, "reading a dataset: its segments are not there",
        "half of a dataset looks to a game like records that were removed"
    );
}

async fn an_item_of_another_shape_is_told(peer: Peer) {
    let Some(world) = World::on(peer).await else { return };
    let put = world.client.put_item().table_name(world.table("runs"));
    put.item("run", AttributeValue::S(run_id(1).to_string())).send().await.unwrap();
    let error = world.database.find(&run_id(1)).await.unwrap_err().to_string();
    assert_eq!(error, "reading a run: the attribute `player` is missing or not as it is written here");
}
