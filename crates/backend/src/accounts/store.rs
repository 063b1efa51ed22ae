//! The records of players with an account of our own.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::platform::{PlayerId, StoreError};

/// What the services keep of a player with an account of our own. Made once, when the address is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerRecord {
    /// The account's `sub` in the user pool. (His scores hang on the identity, as everybody's do.)
    pub account: PlayerId,
    /// The confirmed address. Never shown to other players.
    pub email: String,
    /// When.
    pub created_at: Timestamp,
}

/// Keeps one record for each account.
#[async_trait]
pub trait PlayerRecords: Send + Sync {
    /// Keeps a record; of an account that has one, the first stays. Answers whether it was kept.
    async fn register(&self, record: &PlayerRecord) -> Result<bool, StoreError>;

    /// The record of an account.
    async fn find(&self, account: &PlayerId) -> Result<Option<PlayerRecord>, StoreError>;
}
