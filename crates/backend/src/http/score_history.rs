//! The statistics.

use axum::Json;
use axum::extract::State;
use naru_protocol::{Problem, ProblemCode, ScoreHistory};
use serde::Deserialize;

use super::problem::Refused;
use super::request::Asked;
use super::requester::From;
use crate::domain::{self, Action};
use crate::services::Services;

const MAX_WIDTH: u32 = 100_000;

/// How the scores are gathered.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct BarsAsked {
    /// Points that one bar covers.
    #[serde(default = "twenty")]
    #[param(minimum = 1, maximum = 100000, default = 20)]
    width: u32,
}

fn twenty() -> u32 {
    20
}

/// How often which scores were reached, by everyone together.
#[utoipa::path(
    get, path = "/scorehistory", tag = "scores", params(BarsAsked),
    responses(
        (status = 200, description = "The counts", body = ScoreHistory),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn bars(
    State(services): State<Services>,
    From(address): From,
    Asked(BarsAsked { width }): Asked<BarsAsked>,
) -> Result<Json<ScoreHistory>, Refused> {
    if !(1..=MAX_WIDTH).contains(&width) {
        let detail = format!("width is 1 to {MAX_WIDTH}, and this one is {width}");
        return Err(Refused::because(ProblemCode::BadRequest, detail));
    }
    services.allowances().take(&address, Action::ReadScores).await?;
    let counts = services.statistics.histogram().await?;
    let total = counts.iter().map(|count| count.count).sum();
    Ok(Json(ScoreHistory { total, width, bars: domain::bars(&counts, width) }))
}
