//! Counts recent requests.

use async_trait::async_trait;

use super::Requester;
use crate::platform::StoreError;

/// Counts actions in windows of time.
#[async_trait]
pub trait AllowanceStore: Send + Sync {
    /// Counts one more action in the window of this number, and says whether that was within
    /// `limit`. Numbers grow with time; earlier windows may be forgotten.
    async fn take(
        &self,
        by: &Requester,
        action: &'static str,
        window: i64,
        limit: u32,
    ) -> Result<bool, StoreError>;
}
