//! Statistics.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_backend::scores::ScoreEvent;
use naru_backend::statistics::{ScoreCount, feed_statistics};

use crate::stores::{Stores, run_id, score};

fn exact(events: &[ScoreEvent]) -> Vec<ScoreCount> {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(event.points).or_insert(0) += 1;
    }
    counts.into_iter().map(|(points, count)| ScoreCount { points, count }).collect()
}

pub async fn redelivered_and_shuffled_events_count_once(stores: Stores) {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let events: Vec<_> =
        (0..300).map(|run| ScoreEvent { run: run_id(run), points: rng.u32(..60) * 2 }).collect();
    let mut delivered = [events.clone(), events.clone(), events.clone()].concat();
    rng.shuffle(&mut delivered);

    // Batches of uneven sizes, four at the same time, as a stream's shards deliver.
    let mut tasks = tokio::task::JoinSet::new();
    let mut rest = &delivered[..];
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(rng.usize(1..=100.min(rest.len())));
        let (batch, statistics) = (batch.to_vec(), stores.statistics.clone());
        if tasks.len() == 4 {
            tasks.join_next().await.unwrap().unwrap();
        }
        tasks.spawn(async move { statistics.apply(&batch).await.unwrap() });
        rest = later;
    }
    tasks.join_all().await;
    assert_eq!(stores.statistics.histogram().await.unwrap(), exact(&events));
}

pub async fn a_consumer_that_dies_before_acknowledging_counts_nothing_twice(stores: Stores) {
    for number in 1..=250 {
        stores.scores.record(&score(number, 1, u32::try_from(number).unwrap() % 7), None).await.unwrap();
    }
    let events = stores.stream.pending(1000).await.unwrap();
    stores.statistics.apply(&events[..120]).await.unwrap();

    let fed = feed_statistics(&*stores.stream, &*stores.statistics).await.unwrap();
    assert_eq!(fed, 250, "what was counted and not acknowledged comes again");
    assert_eq!(stores.statistics.histogram().await.unwrap(), exact(&events));
    assert_eq!(feed_statistics(&*stores.stream, &*stores.statistics).await.unwrap(), 0);
}
