//! Each change of a player's playing time, decided on what is stored and on nothing older.

use super::{Playing, Refusal, Scores};
use crate::platform::{Contended, PlayerId};

/// How often a change starts again because another one came in between: a player has few runs at once.
const ATTEMPTS: usize = 8;

/// Changes a player's playing time. What `change` refuses changes nothing.
pub(super) async fn change_playing(
    service: &Scores,
    player: &PlayerId,
    change: impl Fn(&mut Playing) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    for _ in 0..ATTEMPTS {
        let (before, version) = service.playing.load(player).await?;
        let mut after = before.clone();
        change(&mut after)?;
        // A repetition, whose first answer was lost.
        if after == before {
            return Ok(());
        }
        // Only as the version after the one that was read: of two recordings that are sent at once, both would
        // find the same minute free.
        if service.playing.commit(player, version, &after).await? {
            return Ok(());
        }
    }
    Err(Contended(ATTEMPTS).into())
}
