//! The board and the statistics as the game of 2017 reads them.

use axum::Json;
use axum::extract::State;
use naru_protocol::{Bar2017, Problem, Standing2017};

use super::problem::Refused;
use super::requester::From;
use crate::domain::{Action, Best};
use crate::flows::public_name;
use crate::services::Services;

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
    State(services): State<Services>,
    From(address): From,
) -> Result<Json<Vec<Standing2017>>, Refused> {
    services.allowances().take(&address, Action::ReadScores).await?;
    let bests = services.board.page(None, MOST_ROWS).await?;
    Ok(Json(bests.into_iter().map(to_row).collect()))
}

fn to_row(best: Best) -> Standing2017 {
    let tag = best.player.tag();
    Standing2017 { username: public_name(best.nickname).unwrap_or(tag), score: best.key.points }
}

/// How often each score was reached.
#[utoipa::path(
    get, path = "/2017/scorehistory", tag = "2017",
    responses(
        (status = 200, description = "One row for each score", body = Vec<Bar2017>),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn scorehistory(
    State(services): State<Services>,
    From(address): From,
) -> Result<Json<Vec<Bar2017>>, Refused> {
    services.allowances().take(&address, Action::ReadScores).await?;
    let counts = services.statistics.histogram().await?;
    let row = |count: crate::domain::ScoreCount| Bar2017 { score: count.points, totalcount: count.count };
    Ok(Json(counts.into_iter().map(row).collect()))
}
