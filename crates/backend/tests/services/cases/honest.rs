//! Honest players: whatever they play is accepted for exactly what it is worth.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_protocol::{ScoreHistory, ScoreboardPage};

use super::bot::Bot;
use super::service::{Service, submission};
use crate::host::Host;

const PLAYERS: u32 = 25;

#[tokio::test(flavor = "multi_thread")]
async fn honest_runs_are_accepted_for_what_they_are_worth() {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let mut best: BTreeMap<u32, u32> = BTreeMap::new();
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for luck in 0..Host::RUNS {
        let player = rng.u32(..PLAYERS);
        let run = service.run(player).await;
        let flight = bot.play(run.seed, luck ^ rng.u32(..));
        service.play(&flight.recording).await;
        let receipt = service.submit(player, &submission(&run, &flight.recording)).await.unwrap();
        assert_eq!(receipt.score, flight.score, "run seed {}", run.seed);
        let best = best.entry(player).or_default();
        *best = flight.score.max(*best);
        assert_eq!(receipt.best, *best);
        *counts.entry(flight.score).or_default() += 1;
    }

    let page: ScoreboardPage = service.get("/scoreboard?limit=100", None).await;
    let mut expected: Vec<u32> = best.into_values().collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(page.standings.iter().map(|standing| standing.score).collect::<Vec<_>>(), expected);

    service.host.feed().await;
    let history: ScoreHistory = service.get("/scorehistory?width=1", None).await;
    assert_eq!(history.total, u64::from(Host::RUNS));
    let bars: BTreeMap<u32, u64> = history.bars.iter().map(|bar| (bar.from, bar.count)).collect();
    assert_eq!(bars, counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_an_hour_is_accepted() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let run = service.run(1).await;
    let flight = bot.survive(run.seed, 47_900);
    service.play(&flight.recording).await;
    let receipt = service.submit(1, &submission(&run, &flight.recording)).await.unwrap();
    assert_eq!(receipt.score, flight.score);
    assert!(receipt.score >= 95_800);
}
