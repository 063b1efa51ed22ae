//! What the user pool calls once an address is confirmed: its post-confirmation trigger.

use super::Refusal;
use crate::domain::{PlayerId, PlayerRecord};
use crate::ports::{Clock, PlayerRecords};

/// Makes the player's record. The user pool may call twice; the first record stays.
pub async fn register_player(
    players: &dyn PlayerRecords,
    clock: &dyn Clock,
    account: PlayerId,
    email: &str,
) -> Result<(), Refusal> {
    let record = PlayerRecord { account, email: email.to_owned(), created_at: clock.now() };
    players.register(&record).await?;
    Ok(())
}
