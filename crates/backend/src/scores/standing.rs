//! Places on the board, as others see them.

use naru_protocol::{ShownName, Standing};

use super::{Best, Scores};
use crate::platform::{PlayerId, StoreError};

/// A player's own place.
pub(super) async fn standing_of(service: &Scores, player: &PlayerId) -> Result<Option<Standing>, StoreError> {
    let Some(best) = service.board.best_of(player).await? else { return Ok(None) };
    let rank = service.board.rank_of(&best, service.platform.clock.now()).await?;
    Ok(Some(to_standing(best, rank)))
}

/// A best score as others see it. The tag is all that it reveals of the identity.
pub(super) fn to_standing(best: Best, rank: u64) -> Standing {
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
pub(super) fn public_name(on_board: Option<String>) -> Option<String> {
    Some(ShownName::parse(&on_board?).ok()?.into_string())
}
