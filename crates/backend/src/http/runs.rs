//! Issuing runs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use naru_protocol::{IssuedRun, Problem};

use super::identity::Identity;
use super::problem::Refused;
use crate::domain::Run;
use crate::flows::issue_run;
use crate::services::Services;

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
pub(super) async fn issue(
    State(services): State<Services>,
    Identity(player): Identity,
) -> Result<(StatusCode, Json<IssuedRun>), Refused> {
    let run = issue_run(&services, &player).await?;
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
