//! `GET /scoreboard`

use axum::Json;
use axum::extract::State;
use naru_protocol::{Problem, ProblemCode, ScoreboardPage};
use serde::Deserialize;

use crate::platform::http::{ByAddress, Identity, ProblemResponse, Query, requester};
use crate::scores::rules::BoardCursor;
use crate::scores::standing::{standing_of, to_standing};
use crate::scores::{READ, Scores};

const MAX_LIMIT: u32 = 100;

/// Which part of the board.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Players in one answer.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: u32,
    /// `next` of the page before.
    #[param(pattern = r"^[0-9]{1,15}\.([0-9]{1,9}|[1-3][0-9]{9})\.[0-9]{1,14}\.[0-9a-f]{32}$")]
    after: Option<String>,
}

fn twenty() -> u32 {
    20
}

/// One page of the board, and the place of the player who asks.
#[utoipa::path(
    get, path = "/scoreboard", tag = "scores", params(PageQuery), security((), ("login" = [])),
    responses(
        (status = 200, description = "The page", body = ScoreboardPage),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn page(
    State(service): State<Scores>,
    identity: Option<Identity>,
    address: ByAddress,
    Query(query): Query<PageQuery>,
) -> Result<Json<ScoreboardPage>, ProblemResponse> {
    if !(1..=MAX_LIMIT).contains(&query.limit) {
        let detail = format!("limit is 1 to {MAX_LIMIT}, and this one is {}", query.limit);
        return Err(ProblemResponse::new(ProblemCode::BadRequest, detail));
    }
    let after = query.after.as_deref().map(|text| {
        let refused = || ProblemResponse::new(ProblemCode::BadRequest, "after is not the `next` of a page");
        BoardCursor::parse(text).ok_or_else(refused)
    });
    let after = after.transpose()?;
    service.platform.allowances.take(requester(identity.as_ref(), address), &READ).await?;
    let limit = query.limit as usize;
    // One more than is shown tells whether there is a next page.
    let mut bests = service.board.page(after.as_ref().map(|after| &after.key), limit + 1).await?;
    let more = bests.len() > limit;
    bests.truncate(limit);
    let before = after.map_or(0, |after| after.rank);
    let last = bests.last().filter(|_| more);
    let next = last.map(|last| BoardCursor { rank: before + limit as u64, key: last.key.clone() }.to_text());
    let own = match identity {
        Some(Identity(player)) => standing_of(&service, &player).await?,
        None => None,
    };
    let standings = (before + 1..).zip(bests).map(|(rank, best)| to_standing(best, rank)).collect();
    Ok(Json(ScoreboardPage { standings, own, next }))
}
