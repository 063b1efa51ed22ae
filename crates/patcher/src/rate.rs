//! A limit on the rate of all connections together.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// Lets through so many bytes per second, with bursts of a fifth of a second.
#[derive(Debug)]
pub(crate) struct RateLimit {
    bytes_per_second: u64,
    /// When all bytes that were let through so far are paid for.
    paid: Mutex<Instant>,
}

impl RateLimit {
    const BURST: Duration = Duration::from_millis(200);

    pub(crate) fn new(bytes_per_second: u64) -> Self {
        Self { bytes_per_second: bytes_per_second.max(1), paid: Mutex::new(Instant::now()) }
    }

    /// Waits until `bytes` more may pass.
    pub(crate) async fn pass(&self, bytes: u64) {
        let cost = Duration::from_secs_f64(bytes as f64 / self.bytes_per_second as f64);
        let mut paid = self.paid.lock().await;
        *paid = (*paid).max(Instant::now()) + cost;
        let wait = paid.saturating_duration_since(Instant::now() + Self::BURST);
        drop(paid);
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn ten_connections_share_one_rate() {
        let limit = RateLimit::new(1_000_000);
        let start = Instant::now();
        let passes = (0..10).map(|_| async {
            for _ in 0..10 {
                limit.pass(50_000).await;
            }
        });
        futures::future::join_all(passes).await;
        let took = start.elapsed().as_secs_f64();
        assert!((4.5..5.5).contains(&took), "5 MB at 1 MB/s take 5 s however many share: {took}");
    }
}
