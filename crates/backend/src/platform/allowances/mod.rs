//! How many requests a player, an address and all together may send in a minute of the clock.
//!
//! A service names its own quotas, beside the requests that they are for:
//!
//! ```text
//! const ISSUE_RUN: Quota = Quota::per_minute("run", 60);
//! platform.allowances.take(player, &ISSUE_RUN).await?;
//! ```

mod dynamodb;
mod quota;
mod requester;
mod sqlite;
mod store;

use std::sync::Arc;

use super::{Clock, StoreError};

pub(crate) use quota::Quota;
pub use requester::Requester;
pub use store::AllowanceStore;

/// The tables of the SQLite file.
pub(crate) const SCHEMA: &str = include_str!("schema.sql");

const WINDOW_SECONDS: i64 = 60;

/// Counts requests by the minute, and refuses those that are too many.
#[derive(Clone)]
pub struct Allowances {
    store: Arc<dyn AllowanceStore>,
    clock: Arc<dyn Clock>,
}

/// Why a request is not within its allowance.
#[derive(Debug, thiserror::Error)]
pub enum AllowanceError {
    /// There were too many.
    #[error("this minute's {limit} requests of this kind are used up")]
    UsedUp {
        /// How many a minute.
        limit: u32,
        /// Seconds until the next minute begins.
        retry_after: u32,
    },
    /// It could not be counted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Allowances {
    /// Counts in a store.
    pub fn new(store: Arc<dyn AllowanceStore>, clock: Arc<dyn Clock>) -> Allowances {
        Allowances { store, clock }
    }

    /// Counts a request, or refuses it. A request takes its allowance before anything that costs: a store, a
    /// replay or a provider is not asked for those that are too many.
    pub(crate) async fn take(&self, by: impl Into<Requester>, quota: &Quota) -> Result<(), AllowanceError> {
        let by = by.into();
        let now = self.clock.now();
        let limit = quota.of(&by);
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        // The store compares and counts in one step: of requests at once no more get through than the limit.
        if self.store.take(&by, quota.action, window, limit).await? {
            return Ok(());
        }
        let left = WINDOW_SECONDS - now.as_second().rem_euclid(WINDOW_SECONDS);
        Err(AllowanceError::UsedUp { limit, retry_after: u32::try_from(left).unwrap_or(1) })
    }
}
