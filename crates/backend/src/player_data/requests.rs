//! `/datasets`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use naru_protocol::{DatasetChanges, DatasetList, DatasetUpdate, DatasetUpdated, Problem, ProblemCode};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{DatasetName, PlayerData, change_dataset, delete_dataset};
use crate::platform::http::{Body, Identity, Path, ProblemResponse, Query};
use crate::platform::{AllowanceError, PlayerId, Quota};

/// Readings of a player: each may be a MiB.
const READ: Quota = Quota::per_minute("read-dataset", 120);

/// What the description calls `int64`, and stores keep.
const MAX_SYNC_COUNT: u64 = i64::MAX as u64;

pub(super) fn routes() -> OpenApiRouter<PlayerData> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(changes, update, delete))
}

/// Since when.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ChangesQuery {
    /// The sync count that the client has seen; 0 for none.
    #[serde(default)]
    since: u64,
}

/// The player's datasets.
#[utoipa::path(
    get, path = "/datasets", tag = "datasets", security(("login" = [])),
    responses(
        (status = 200, description = "All of them, at most 20", body = DatasetList),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn list(
    State(service): State<PlayerData>,
    Identity(player): Identity,
) -> Result<Json<DatasetList>, ProblemResponse> {
    take_read(&service, &player).await?;
    Ok(Json(DatasetList { datasets: service.datasets.list(&player).await? }))
}

/// What changed in a dataset.
#[utoipa::path(
    get, path = "/datasets/{name}", tag = "datasets", security(("login" = [])), params(
        ("name" = String, Path, description = "The dataset", min_length = 1, max_length = 128, pattern = "^[a-zA-Z0-9_.:-]+$"),
        ChangesQuery
    ),
    responses(
        (status = 200, description = "The changes", body = DatasetChanges),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`dataset-limit`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn changes(
    State(service): State<PlayerData>,
    Identity(player): Identity,
    Path(name): Path<String>,
    Query(ChangesQuery { since }): Query<ChangesQuery>,
) -> Result<Json<DatasetChanges>, ProblemResponse> {
    if since > MAX_SYNC_COUNT {
        let detail = format!("since is 0 to {MAX_SYNC_COUNT}, and this one is {since}");
        return Err(ProblemResponse::new(ProblemCode::BadRequest, detail));
    }
    let name = DatasetName::parse(&name)?;
    take_read(&service, &player).await?;
    let dataset = service.datasets.load(&player, &name).await?;
    Ok(Json(DatasetChanges {
        name: name.as_str().to_owned(),
        exists: dataset.exists,
        sync_count: dataset.sync_count,
        whole: dataset.must_start_over(since),
        records: dataset.changes_since(since),
    }))
}

async fn take_read(service: &PlayerData, player: &PlayerId) -> Result<(), AllowanceError> {
    service.platform.allowances.take(player, &READ).await
}

/// Changes records of a dataset, which is made when it is not there.
#[utoipa::path(
    patch, path = "/datasets/{name}", tag = "datasets", security(("login" = [])), request_body = DatasetUpdate,
    params(("name" = String, Path, description = "The dataset", min_length = 1, max_length = 128, pattern = "^[a-zA-Z0-9_.:-]+$")),
    responses(
        (status = 200, description = "The changed records", body = DatasetUpdated),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`dataset-conflict`, with what the service holds", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`not-json`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`dataset-limit`, `nickname-refused`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn update(
    State(service): State<PlayerData>,
    Identity(player): Identity,
    Path(name): Path<String>,
    Body(update): Body<DatasetUpdate>,
) -> Result<Json<DatasetUpdated>, ProblemResponse> {
    let name = DatasetName::parse(&name)?;
    Ok(Json(change_dataset(&service, &player, &name, &update).await?))
}

/// Removes a dataset with all its records. One that is not there is not missed.
#[utoipa::path(
    delete, path = "/datasets/{name}", tag = "datasets", security(("login" = [])),
    params(("name" = String, Path, description = "The dataset", min_length = 1, max_length = 128, pattern = "^[a-zA-Z0-9_.:-]+$")),
    responses(
        (status = 204, description = "It is not there (any more)"),
        (status = 401, description = "`not-logged-in`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`dataset-limit`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`internal`, `busy`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn delete(
    State(service): State<PlayerData>,
    Identity(player): Identity,
    Path(name): Path<String>,
) -> Result<StatusCode, ProblemResponse> {
    let name = DatasetName::parse(&name)?;
    delete_dataset(&service, &player, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
