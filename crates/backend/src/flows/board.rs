//! Places on the board.

use naru_protocol::Standing;

use crate::domain::{Best, BoardKey, PlayerId};
use crate::ports::StoreError;
use crate::services::Services;

/// A player's own place.
pub async fn standing_of(services: &Services, player: &PlayerId) -> Result<Option<Standing>, StoreError> {
    let Some(best) = services.board.best_of(player).await? else { return Ok(None) };
    let rank = rank_of(services, &best.key).await?;
    Ok(Some(to_standing(best, rank)))
}

/// The rank of a place.
pub(super) async fn rank_of(services: &Services, key: &BoardKey) -> Result<u64, StoreError> {
    Ok(services.board.count_before(key).await? + 1)
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
