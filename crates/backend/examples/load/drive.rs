//! Sends requests on several connections and times each.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use reqwest::{Client, Request};

/// One round.
pub struct Measured {
    pub per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// Sends all requests; one that is not accepted ends the measurement.
pub async fn drive(
    client: &Client,
    requests: Vec<Request>,
    connections: usize,
) -> Result<Measured, Box<dyn Error + Send + Sync>> {
    let count = requests.len();
    let waiting = Arc::new(Mutex::new(VecDeque::from(requests)));
    let begun = Instant::now();
    let workers: Vec<_> =
        (0..connections).map(|_| tokio::spawn(connection(client.clone(), Arc::clone(&waiting)))).collect();
    let mut times = Vec::with_capacity(count);
    for worker in workers {
        times.extend(worker.await??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((count as f64 * share) as usize).copied().unwrap_or(f64::NAN) * 1000.0;
    Ok(Measured { per_second: count as f64 / seconds, p50_ms: at(0.50), p99_ms: at(0.99) })
}

async fn connection(
    client: Client,
    waiting: Arc<Mutex<VecDeque<Request>>>,
) -> Result<Vec<f64>, Box<dyn Error + Send + Sync>> {
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let mut times = Vec::new();
    while let Some(request) = next() {
        let begun = Instant::now();
        let answer = client.execute(request).await?;
        let (status, body) = (answer.status(), answer.text().await?);
        if !status.is_success() {
            return Err(format!("{status}: {body}").into());
        }
        times.push(begun.elapsed().as_secs_f64());
    }
    Ok(times)
}
