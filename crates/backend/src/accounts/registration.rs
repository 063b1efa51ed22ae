//! What the user pool calls once an address is confirmed: its post-confirmation trigger.

use std::sync::Arc;

use super::{PlayerRecord, PlayerRecords};
use crate::platform::{Clock, PlayerId, StoreError};

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
