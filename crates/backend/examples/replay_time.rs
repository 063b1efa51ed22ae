//! How long the verification of recordings takes.
//!
//! Standard input has one JSON object a line: `seed`, and the `recording` of a run from it.
//!
//! ```sh
//! crates/backend/examples/long-runs.sh 21 8000 |
//!     cargo run --release -p naru-backend --example replay_time
//! ```

use std::io::BufRead;
use std::time::Instant;

use naru_backend::SAMPLE_GAME;
use naru_backend::scores::{EngineLimits, QuickJs, Recording, Simulation};
use naru_protocol::InputSpan;

/// Replays of each recording; the fastest counts, since the machine has other work.
const REPEATS: usize = 5;

#[derive(serde::Deserialize)]
struct Run {
    seed: u32,
    recording: Vec<InputSpan>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default())?;
    let mut times = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let run: Run = serde_json::from_str(&line?)?;
        let mut best = f64::INFINITY;
        let mut frames = 0;
        for _ in 0..REPEATS {
            let started = Instant::now();
            let recording = Recording::from_spans(&run.recording)?;
            let outcome = game.replay(run.seed, recording.into_inputs()).await?;
            best = best.min(started.elapsed().as_secs_f64() * 1000.0);
            frames = outcome.frames;
        }
        println!("seed {:>10}  {frames} frames  {best:.2} ms", run.seed);
        times.push(best);
    }
    times.sort_by(f64::total_cmp);
    println!("median of {}: {:.2} ms", times.len(), times[times.len() / 2]);
    Ok(())
}
