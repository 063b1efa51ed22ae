//! What the user pool calls once an address is confirmed: its post-confirmation trigger.

use std::sync::Arc;

use jiff::Timestamp;

use super::PlayerRecords;
use crate::platform::{Clock, PlayerId, StoreError};

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

/// Makes the records of new accounts.
#[derive(Clone)]
pub struct Registration {
    /// Where they are kept.
    pub records: Arc<dyn PlayerRecords>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

impl Registration {
    /// Makes the player's record. The user pool may call twice; the first record stays.
    pub async fn register(&self, account: PlayerId, email: &str) -> Result<(), StoreError> {
        let record = PlayerRecord { account, email: email.to_owned(), created_at: self.clock.now() };
        self.records.register(&record).await?;
        Ok(())
    }
}
