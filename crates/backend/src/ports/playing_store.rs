//! What time of the players their runs have taken.

use async_trait::async_trait;

use super::StoreError;
use crate::domain::{PlayerId, Playing};

/// Keeps each player's runs of late. The rules are not here: they are [`Playing`]'s.
#[async_trait]
pub trait PlayingStore: Send + Sync {
    /// A player's runs of late, and the number of this version of them; 0 where there are none yet.
    async fn load(&self, player: &PlayerId) -> Result<(Playing, u64), StoreError>;

    /// Stores a player's runs as the version after `before`, if that is still the newest, and says whether it
    /// was. Of two at the same time, one is stored.
    async fn commit(&self, player: &PlayerId, before: u64, playing: &Playing) -> Result<bool, StoreError>;
}
