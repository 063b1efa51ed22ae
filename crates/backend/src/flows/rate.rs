//! The rate limits.

use std::sync::Arc;

use super::Refusal;
use crate::domain::{Action, Requester, ServiceLimits};
use crate::ports::{Allowance, Clock};

const WINDOW_SECONDS: i64 = 60;

/// Counts requests by the minute, and refuses those that are too many.
#[derive(Clone)]
pub struct Allowances {
    store: Arc<dyn Allowance>,
    clock: Arc<dyn Clock>,
    limits: ServiceLimits,
}

impl Allowances {
    /// Counts in a store.
    pub fn new(store: Arc<dyn Allowance>, clock: Arc<dyn Clock>, limits: ServiceLimits) -> Allowances {
        Allowances { store, clock, limits }
    }

    /// Counts a request, or refuses it.
    pub async fn take(&self, by: &Requester, action: Action) -> Result<(), Refusal> {
        let now = self.clock.now();
        let limit = self.limits.of(by, action);
        let window = now.as_second().div_euclid(WINDOW_SECONDS);
        if self.store.take(by, action, window, limit).await? {
            return Ok(());
        }
        let left = WINDOW_SECONDS - now.as_second().rem_euclid(WINDOW_SECONDS);
        Err(Refusal::RateLimited { action, limit, retry_after: u32::try_from(left).unwrap_or(1) })
    }

    /// Counts a login, which asks a provider: of this address first, so that one of them alone can't use up
    /// what all have together.
    pub async fn take_login(&self, from: &Requester) -> Result<(), Refusal> {
        self.take(from, Action::LogIn).await?;
        self.take(&Requester::Everybody, Action::LogIn).await
    }
}
