//! `POST /scores`

use axum::Json;
use axum::extract::State;
use naru_protocol::{Problem, ScoreReceipt, ScoreSubmission};

use crate::platform::http::{Body, Identity, ProblemResponse};
use crate::scores::{Scores, submit_score};

/// Replays a recording and stores the score that comes out. Sending the same again is harmless.
#[utoipa::path(
    post, path = "/scores", tag = "scores", security(("login" = [])), request_body = ScoreSubmission,
    responses(
        (status = 200, description = "The score", body = ScoreReceipt),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`run-unknown`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`run-used`, `rules-differ`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`run-expired`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`not-json`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`recording-invalid`, `recording-mismatch`, `too-fast`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn submit(
    State(service): State<Scores>,
    Identity(player): Identity,
    Body(submission): Body<ScoreSubmission>,
) -> Result<Json<ScoreReceipt>, ProblemResponse> {
    Ok(Json(submit_score(&service, &player, &submission).await?))
}
