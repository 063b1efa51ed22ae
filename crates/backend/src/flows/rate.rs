//! The rate limit of one player.

use jiff::Timestamp;

use super::Refusal;
use crate::domain::{Action, PlayerId};
use crate::services::Services;

const WINDOW_SECONDS: i64 = 60;

/// Counts a request, or refuses it.
pub(super) async fn take_allowance(
    services: &Services,
    player: &PlayerId,
    action: Action,
    now: Timestamp,
) -> Result<(), Refusal> {
    let limit = services.limits.of(action);
    let window = now.as_second().div_euclid(WINDOW_SECONDS);
    if services.allowance.take(player, action, window, limit).await? {
        return Ok(());
    }
    let left = WINDOW_SECONDS - now.as_second().rem_euclid(WINDOW_SECONDS);
    Err(Refusal::RateLimited { action, limit, retry_after: u32::try_from(left).unwrap_or(1) })
}
