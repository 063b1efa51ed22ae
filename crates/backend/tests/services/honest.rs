//! Honest players: whatever they play is accepted for exactly what it is worth.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_protocol::{ScoreHistory, ScoreboardPage};

use crate::bot::Bot;
use crate::server::{Server, submission};

const RUNS: u32 = 1000;
const PLAYERS: u32 = 25;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_honest_runs_are_accepted() {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let (server, mut bot) = (Server::start().await, Bot::start());
    let mut best: BTreeMap<u32, u32> = BTreeMap::new();
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for luck in 0..RUNS {
        let player = rng.u32(..PLAYERS);
        let run = server.run(player).await;
        let flight = bot.play(run.seed, luck ^ rng.u32(..));
        server.play(&flight.recording);
        let receipt = server.submit(player, &submission(&run, &flight.recording)).await.unwrap();
        assert_eq!(receipt.score, flight.score, "run seed {}", run.seed);
        let best = best.entry(player).or_default();
        *best = flight.score.max(*best);
        assert_eq!(receipt.best, *best);
        *counts.entry(flight.score).or_default() += 1;
    }

    let page: ScoreboardPage = server.get("/scoreboard?limit=100", None).await;
    let mut expected: Vec<u32> = best.into_values().collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(page.standings.iter().map(|standing| standing.score).collect::<Vec<_>>(), expected);

    server.feed().await;
    let history: ScoreHistory = server.get("/scorehistory?width=1", None).await;
    assert_eq!(history.total, u64::from(RUNS));
    let bars: BTreeMap<u32, u64> = history.bars.iter().map(|bar| (bar.from, bar.count)).collect();
    assert_eq!(bars, counts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_of_an_hour_is_accepted() {
    let (server, mut bot) = (Server::start().await, Bot::start());
    let run = server.run(1).await;
    let flight = bot.survive(run.seed, 47_900);
    server.play(&flight.recording);
    let receipt = server.submit(1, &submission(&run, &flight.recording)).await.unwrap();
    assert_eq!(receipt.score, flight.score);
    assert!(receipt.score >= 95_800);
}
