//! How long to wait before another try.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::StoreError;

/// The longest `Retry-After` that is waited for.
const LONGEST_REQUESTED_WAIT: Duration = Duration::from_secs(60);

/// Exponential waits with full jitter: a crowd that failed together must not come back together.
#[derive(Debug)]
pub struct Backoff {
    base: Duration,
    max: Duration,
    attempts: u32,
    random: Mutex<fastrand::Rng>,
}

impl Backoff {
    /// Waits between 0 and `base · 2ⁿ`, at most `max`, for at most `attempts` attempts in all.
    pub fn new(base: Duration, max: Duration, attempts: u32, random: fastrand::Rng) -> Self {
        Self { base, max, attempts, random: Mutex::new(random) }
    }

    /// The same waits on every run, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self::with_random(fastrand::Rng::with_seed(seed))
    }

    /// How long to wait after failure number `failures` (from 1), or `None` to give up.
    ///
    /// A wait that the server asked for is kept, up to one minute; jitter may only lengthen it.
    pub fn wait_after(&self, failures: u32, error: &StoreError) -> Option<Duration> {
        if !error.is_retryable() || failures >= self.attempts {
            return None;
        }
        let asked = error.retry_after.unwrap_or_default().min(LONGEST_REQUESTED_WAIT);
        Some(asked.max(self.jitter(failures)))
    }

    fn jitter(&self, failures: u32) -> Duration {
        let doubled = self.base.saturating_mul(1 << (failures - 1).min(20));
        let share = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        doubled.min(self.max).mul_f64(share)
    }

    fn with_random(random: fastrand::Rng) -> Self {
        Self::new(Duration::from_millis(200), Duration::from_secs(10), 5, random)
    }
}

impl Default for Backoff {
    /// 200 ms doubling to 10 s, five attempts.
    fn default() -> Self {
        Self::with_random(fastrand::Rng::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureKind;

    fn failure(kind: FailureKind) -> StoreError {
        StoreError::new("get", "key", kind, "for the test")
    }

    #[test]
    fn waits_grow_and_stay_below_the_ceiling() {
        let backoff = Backoff::new(
            Duration::from_millis(200),
            Duration::from_secs(10),
            40,
            fastrand::Rng::with_seed(7),
        );
        let retryable = failure(FailureKind::Retryable);
        for failures in 1..40 {
            let ceiling = Duration::from_millis(200)
                .saturating_mul(1 << (failures - 1).min(20))
                .min(Duration::from_secs(10));
            let wait = backoff.wait_after(failures, &retryable);
            assert!(wait.is_some_and(|wait| wait <= ceiling), "after {failures}: {wait:?}");
        }
    }

    #[test]
    fn only_failures_that_may_pass_are_tried_again() {
        let backoff = Backoff::seeded(1);
        for kind in [
            FailureKind::NotFound,
            FailureKind::Denied,
            FailureKind::WrongKey,
            FailureKind::Precondition,
            FailureKind::Unsupported,
            FailureKind::Fatal,
        ] {
            assert_eq!(backoff.wait_after(1, &failure(kind)), None, "{kind:?}");
        }
        assert!(backoff.wait_after(4, &failure(FailureKind::BadAnswer)).is_some());
        assert_eq!(
            backoff.wait_after(5, &failure(FailureKind::Retryable)),
            None,
            "five attempts are all there are"
        );
    }

    #[test]
    fn a_server_may_ask_for_a_minute_but_not_for_a_day() {
        let backoff = Backoff::seeded(1);
        let mut error = failure(FailureKind::Retryable);
        error.retry_after = Some(Duration::from_secs(20));
        assert_eq!(backoff.wait_after(1, &error), Some(Duration::from_secs(20)));
        error.retry_after = Some(Duration::from_secs(86_400));
        assert_eq!(backoff.wait_after(1, &error), Some(Duration::from_secs(60)));
    }
}
