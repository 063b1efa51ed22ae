//! The score path under load, beside the least that a server with the same durability does.
//!
//! Both take turns on this machine: `POST /scores` of the embedded services, with real tokens and whole
//! runs that a bot has played, and a bare axum handler that puts the same body into a SQLite table
//! (WAL, `synchronous=FULL`: an answered request survives a power cut, as with the services).
//!
//! ```sh
//! cargo run --release -p naru-backend --example load -- 5 600 32    # rounds, requests in each, connections
//! ```

mod bare;
mod drive;
mod players;

use std::error::Error;

use drive::{Measured, drive};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut number = |default| numbers.next().unwrap_or(Ok(default));
    let (rounds, requests, connections) = (number(5)?, number(600)?, number(32)?);
    let services = players::Services::start().await?;
    let bare = bare::Bare::start().await?;
    let scores = services.play(rounds * requests).await?;
    let client = reqwest::Client::new();
    let mut measured = [Vec::new(), Vec::new()];
    for round in scores.chunks(requests) {
        let bare_inserts = round.iter().map(|score| bare.insert(&client, score)).collect::<Result<_, _>>()?;
        let submissions =
            round.iter().map(|score| services.submit(&client, score)).collect::<Result<_, _>>()?;
        measured[0].push(drive(&client, bare_inserts, connections).await?);
        measured[1].push(drive(&client, submissions, connections).await?);
    }
    println!("{requests} requests on {connections} connections, medians of {rounds} rounds");
    println!("| | requests/s | p50 ms | p99 ms |\n| --- | --- | --- | --- |");
    let [bare, scores] = measured.map(|rounds| median(&rounds));
    println!("| bare insert | {:.0} | {:.1} | {:.1} |", bare.per_second, bare.p50_ms, bare.p99_ms);
    println!("| score path | {:.0} | {:.1} | {:.1} |", scores.per_second, scores.p50_ms, scores.p99_ms);
    let (rate, tail) = (scores.per_second / bare.per_second, scores.p99_ms / bare.p99_ms);
    println!("| score path ÷ bare insert | {rate:.2} | {:.2} | {tail:.2} |", scores.p50_ms / bare.p50_ms);
    Ok(())
}

fn median(rounds: &[Measured]) -> Measured {
    let of = |value: fn(&Measured) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    };
    Measured {
        per_second: of(|round| round.per_second),
        p50_ms: of(|round| round.p50_ms),
        p99_ms: of(|round| round.p99_ms),
    }
}
