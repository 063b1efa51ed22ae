//! Places on the board.

use naru_protocol::Standing;

use crate::domain::{Best, PlayerId};
use crate::ports::StoreError;
use crate::services::Services;

/// A player's own place.
pub async fn standing_of(services: &Services, player: &PlayerId) -> Result<Option<Standing>, StoreError> {
    let Some(best) = services.board.best_of(player).await? else { return Ok(None) };
    let before = services.board.count_before(&best.key).await?;
    Ok(Some(to_standing(best, before + 1)))
}

/// A best score as others see it.
pub(crate) fn to_standing(best: Best, rank: u64) -> Standing {
    Standing {
        rank,
        score: best.key.points,
        reached_at: best.key.reached_at,
        tag: best.player.tag(),
        nickname: best.nickname,
    }
}
