//! `POST /runs`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use naru_protocol::{IssuedRun, Problem};

use crate::platform::http::{Identity, ProblemResponse};
use crate::scores::{Run, Scores, issue_run};

/// Issues a run to be played now, once, by the player who asks.
#[utoipa::path(
    post, path = "/runs", tag = "scores", security(("login" = [])),
    responses(
        (status = 201, description = "The run", body = IssuedRun),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::scores) async fn issue(
    State(service): State<Scores>,
    Identity(player): Identity,
) -> Result<(StatusCode, Json<IssuedRun>), ProblemResponse> {
    let run = issue_run(&service, &player).await?;
    Ok((StatusCode::CREATED, Json(to_wire(&run))))
}

fn to_wire(run: &Run) -> IssuedRun {
    IssuedRun {
        run_id: run.id.to_string(),
        seed: run.seed,
        rules_version: run.rules_version,
        expires_at: run.expires_at(),
    }
}
