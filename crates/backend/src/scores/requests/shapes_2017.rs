//! `GET /2017/scoreboard`: the board as the game of 2017 reads it.

use axum::Json;
use axum::extract::State;
use naru_protocol::{Problem, Standing2017};

use crate::platform::http::{ByAddress, ProblemResponse};
use crate::scores::standing::public_name;
use crate::scores::{Best, READ, Scores};

/// The most rows: 2017 knew no pages.
const MOST_ROWS: usize = 1000;

/// The best scores, sorted by score.
#[utoipa::path(
    get, path = "/2017/scoreboard", tag = "2017",
    responses(
        (status = 200, description = "The best 1,000 players", body = Vec<Standing2017>),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn scoreboard(
    State(service): State<Scores>,
    ByAddress(address): ByAddress,
) -> Result<Json<Vec<Standing2017>>, ProblemResponse> {
    service.platform.allowances.take(address, &READ).await?;
    let bests = service.board.page(None, MOST_ROWS).await?;
    Ok(Json(bests.into_iter().map(to_row).collect()))
}

fn to_row(best: Best) -> Standing2017 {
    let tag = best.player.tag();
    Standing2017 { username: public_name(best.nickname).unwrap_or(tag), score: best.key.points }
}
