//! Runs.

use naru_backend::scores::Run;

use crate::stores::{Stores, at, player, run_id};

fn run(number: u128, issued: i64) -> Run {
    Run { id: run_id(number), player: player(1), seed: u32::MAX, rules_version: 1, issued_at: at(issued) }
}

pub async fn a_run_comes_back_as_it_was_issued(stores: Stores) {
    stores.runs.issue(&run(1, 7), at(-1)).await.unwrap();
    assert_eq!(stores.runs.find(&run_id(1)).await.unwrap(), Some(run(1, 7)));
    assert_eq!(stores.runs.find(&run_id(2)).await.unwrap(), None);
    assert!(stores.runs.issue(&run(1, 8), at(-1)).await.is_err(), "an id is never given out twice");
}

pub async fn an_outlived_run_may_be_forgotten_and_a_young_one_not(stores: Stores) {
    stores.runs.issue(&run(1, 100), at(0)).await.unwrap();
    stores.runs.issue(&run(2, 200), at(100)).await.unwrap();
    assert!(stores.runs.find(&run_id(1)).await.unwrap().is_some(), "issued at the bound, not before it");
}
