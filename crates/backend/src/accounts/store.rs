//! The records of players with an account of our own.

use async_trait::async_trait;

use super::PlayerRecord;
use crate::platform::{PlayerId, StoreError};

/// Keeps one record for each account.
#[async_trait]
pub trait PlayerRecords: Send + Sync {
    /// Keeps a record; of an account that has one, the first stays. Answers whether it was kept.
    async fn register(&self, record: &PlayerRecord) -> Result<bool, StoreError>;

    /// The record of an account.
    async fn find(&self, account: &PlayerId) -> Result<Option<PlayerRecord>, StoreError>;
}
