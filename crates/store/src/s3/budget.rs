//! One bound on what all uploads of a store hold of their files in memory.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fine enough for small files, and coarse enough that the largest budget can be counted.
const UNIT: u64 = 64 * 1024;

/// Bytes that uploads may hold at the same time, however many of them there are.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    free: Arc<Semaphore>,
    units: u32,
}

/// A share of the budget, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    /// `None` only if the semaphore is closed, which never happens.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        let units = u32::try_from((bytes / UNIT).max(1)).unwrap_or(u32::MAX);
        let units = units.min(u32::try_from(Semaphore::MAX_PERMITS).unwrap_or(u32::MAX));
        Self { free: Arc::new(Semaphore::new(units as usize)), units }
    }

    /// Waits until this many bytes fit. A request larger than the budget waits until it is alone.
    pub(super) async fn take(&self, bytes: u64) -> Room {
        let units = u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX).clamp(1, self.units);
        Room { _permit: Arc::clone(&self.free).acquire_many_owned(units).await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn no_more_is_held_than_the_budget_and_what_is_given_back_is_free() {
        let budget = Budget::new(10 * UNIT);
        let first = budget.take(6 * UNIT).now_or_never().expect("it is empty");
        assert!(budget.take(4 * UNIT + 1).now_or_never().is_none(), "a byte too many");
        let second = budget.take(4 * UNIT).now_or_never().expect("just fits");
        drop((first, second));
        assert!(budget.take(10 * UNIT).now_or_never().is_some());
    }

    #[test]
    fn a_part_over_the_whole_budget_travels_alone() {
        let budget = Budget::new(UNIT);
        let alone = budget.take(u64::MAX).now_or_never().expect("nothing else is held");
        assert!(budget.take(1).now_or_never().is_none());
        drop(alone);
        assert!(budget.take(0).now_or_never().is_some());
    }
}
