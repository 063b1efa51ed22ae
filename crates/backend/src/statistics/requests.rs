//! `/scorehistory`

use axum::Json;
use axum::extract::State;
use naru_protocol::{Bar2017, Problem, ProblemCode, ScoreHistory};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{ScoreCount, Statistics, rules};
use crate::platform::http::{ByAddress, ProblemResponse, Query};
use crate::scores;

const MAX_WIDTH: u32 = 100_000;

pub(super) fn routes(shapes_2017: bool) -> OpenApiRouter<Statistics> {
    let routes = OpenApiRouter::new().routes(routes!(bars));
    match shapes_2017 {
        true => routes.routes(routes!(scorehistory)),
        false => routes,
    }
}

/// How the scores are gathered.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct BarsQuery {
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
    get, path = "/scorehistory", tag = "scores", params(BarsQuery),
    responses(
        (status = 200, description = "The counts", body = ScoreHistory),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn bars(
    State(service): State<Statistics>,
    ByAddress(address): ByAddress,
    Query(BarsQuery { width }): Query<BarsQuery>,
) -> Result<Json<ScoreHistory>, ProblemResponse> {
    if !(1..=MAX_WIDTH).contains(&width) {
        let detail = format!("width is 1 to {MAX_WIDTH}, and this one is {width}");
        return Err(ProblemResponse::new(ProblemCode::BadRequest, detail));
    }
    service.allowances.take(address, &scores::READ).await?;
    let counts = service.counts.histogram().await?;
    let total = counts.iter().map(|count| count.count).sum();
    Ok(Json(ScoreHistory { total, width, bars: rules::bars(&counts, width) }))
}

/// How often each score was reached.
#[utoipa::path(
    get, path = "/2017/scorehistory", tag = "2017",
    responses(
        (status = 200, description = "One row for each score", body = Vec<Bar2017>),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn scorehistory(
    State(service): State<Statistics>,
    ByAddress(address): ByAddress,
) -> Result<Json<Vec<Bar2017>>, ProblemResponse> {
    service.allowances.take(address, &scores::READ).await?;
    let counts = service.counts.histogram().await?;
    let row = |count: ScoreCount| Bar2017 { score: count.points, totalcount: count.count };
    Ok(Json(counts.into_iter().map(row).collect()))
}
