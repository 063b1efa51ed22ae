//! Places on the board.

use naru_protocol::{ShownName, Standing};

use crate::domain::{Best, PlayerId};
use crate::ports::StoreError;
use crate::services::Services;

/// A player's own place.
pub async fn standing_of(services: &Services, player: &PlayerId) -> Result<Option<Standing>, StoreError> {
    let Some(best) = services.board.best_of(player).await? else { return Ok(None) };
    let rank = services.board.rank_of(&best, services.clock.now()).await?;
    Ok(Some(to_standing(best, rank)))
}

/// A best score as others see it.
pub(crate) fn to_standing(best: Best, rank: u64) -> Standing {
    Standing {
        rank,
        score: best.key.points,
        reached_at: best.key.reached_at,
        tag: best.player.tag(),
        nickname: public_name(best.nickname),
    }
}

/// A name on the board as others may see it. Boards have names that an older service took unasked; who has
/// none that may be shown is told apart by the tag.
pub(crate) fn public_name(on_board: Option<String>) -> Option<String> {
    Some(ShownName::parse(&on_board?).ok()?.into_string())
}
