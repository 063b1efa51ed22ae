//! A limit on the rate of all connections together, which may change while they run.

use std::num::NonZeroU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Bytes per second that downloads may take together, with bursts of a fifth of a second.
///
/// Clones are one limit: [`RateLimit::set`] is felt at once by whatever runs under any of them.
#[derive(Debug, Clone, Default)]
pub struct RateLimit(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    rate: watch::Sender<Option<NonZeroU64>>,
    account: Mutex<Account>,
}

/// What was asked for and what the rate has paid for since, in bytes.
#[derive(Debug)]
struct Account {
    asked: f64,
    paid: f64,
    counted: Instant,
}

impl RateLimit {
    const BURST: Duration = Duration::from_millis(200);

    /// A limit in bytes per second; `None` is unlimited. Zero counts as one.
    pub fn new(bytes_per_second: Option<u64>) -> Self {
        let limit = Self::default();
        limit.set(bytes_per_second);
        limit
    }

    /// Changes the rate, also of what waits at this moment.
    pub fn set(&self, bytes_per_second: Option<u64>) {
        let mut account = self.account();
        account.advance(*self.0.rate.borrow());
        self.0
            .rate
            .send_replace(bytes_per_second.map(|rate| NonZeroU64::new(rate).unwrap_or(NonZeroU64::MIN)));
    }

    /// Waits until `bytes` more may pass.
    pub async fn pass(&self, bytes: u64) {
        let mut rate = self.0.rate.subscribe();
        let ticket = self.account().ask(*rate.borrow_and_update(), bytes);
        while let Some(wait) = self.wait(ticket) {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                changed = rate.changed() => changed.unwrap_or(()),
            }
        }
    }

    /// How long until a ticket is due at the rate of this moment.
    fn wait(&self, ticket: f64) -> Option<Duration> {
        let mut account = self.account();
        let rate = (*self.0.rate.borrow())?;
        account.advance(Some(rate));
        let per_second = rate.get() as f64;
        let missing = ticket - account.paid - per_second * Self::BURST.as_secs_f64();
        // Less than a byte is the rounding of the sum.
        (missing >= 1.0).then(|| Duration::from_secs_f64(missing / per_second))
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.0.account.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Shared {
    fn default() -> Self {
        let account = Account { asked: 0.0, paid: 0.0, counted: Instant::now() };
        Self { rate: watch::Sender::new(None), account: Mutex::new(account) }
    }
}

impl Account {
    /// Pays for the time since the last look. Unused time is not saved up.
    fn advance(&mut self, rate: Option<NonZeroU64>) {
        let now = Instant::now();
        let seconds = now.saturating_duration_since(self.counted).as_secs_f64();
        self.paid = match rate {
            Some(rate) => (self.paid + rate.get() as f64 * seconds).min(self.asked),
            None => self.asked,
        };
        self.counted = now;
    }

    fn ask(&mut self, rate: Option<NonZeroU64>, bytes: u64) -> f64 {
        self.advance(rate);
        self.asked += bytes as f64;
        self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten connections ask for 500,000 bytes each, in pieces of 50,000.
    async fn five_megabytes(limit: &RateLimit) {
        let passes = (0..10).map(|_| async {
            for _ in 0..10 {
                limit.pass(50_000).await;
            }
        });
        futures::future::join_all(passes).await;
    }

    #[tokio::test(start_paused = true)]
    async fn ten_connections_share_one_rate() {
        let start = Instant::now();
        five_megabytes(&RateLimit::new(Some(1_000_000))).await;
        let took = start.elapsed().as_secs_f64();
        assert!((4.5..5.5).contains(&took), "5 MB at 1 MB/s take 5 s however many share: {took}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_is_felt_by_what_waits_already() {
        let limit = RateLimit::new(Some(1_000_000));
        let start = Instant::now();
        let change = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            limit.set(Some(100_000));
            tokio::time::sleep(Duration::from_secs(10)).await;
            limit.set(None);
        };
        tokio::join!(five_megabytes(&limit), change);
        let took = start.elapsed().as_secs_f64();
        assert!((11.9..12.1).contains(&took), "2 MB, then 1 MB in 10 s, then the rest at once: {took}");
    }

    #[tokio::test(start_paused = true)]
    async fn time_in_which_nobody_asks_is_not_saved_up() {
        let limit = RateLimit::new(Some(1_000_000));
        tokio::time::sleep(Duration::from_secs(60)).await;
        let start = Instant::now();
        five_megabytes(&limit).await;
        assert!(start.elapsed().as_secs_f64() > 4.5, "a minute's pause would let 60 MB through at once");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_limit_nothing_waits() {
        let start = Instant::now();
        five_megabytes(&RateLimit::default()).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}
