//! `/login`: what clients log in with.

use axum::Json;
use axum::extract::{DefaultBodyLimit, FromRef, State};
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use naru_protocol::login::{LoginAnswer, LoginAnswer2017, LoginProvider, LoginRequest, RefreshRequest};
use naru_protocol::{AccessToken, Problem};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::login::short_name;
use super::{Accounts, LoginError};
use crate::platform::http::{Body, ByAddress, Path, ProblemResponse, Query};
use crate::platform::{AllowanceError, Allowances, Quota, Requester};

/// Logins and refreshes: each asks the provider, also one that fails, and a provider counts those of all
/// players as one app's.
const LOG_IN: Quota = Quota { everybody: 3000, ..Quota::per_minute("login", 60) };

/// The largest request.
const MOST_BYTES: usize = 16 << 10;

/// The query of 2017. `expires_in` was sent and never used.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Query2017 {
    /// The player's number at Kakao.
    id: String,
    /// Kakao's access token.
    #[param(value_type = String)]
    access_token: AccessToken,
}

/// What the routes of a login need.
#[derive(Clone)]
struct Logins {
    accounts: Accounts,
    allowances: Allowances,
}

impl FromRef<Logins> for Accounts {
    fn from_ref(logins: &Logins) -> Accounts {
        logins.accounts.clone()
    }
}

impl FromRef<Logins> for Allowances {
    fn from_ref(logins: &Logins) -> Allowances {
        logins.allowances.clone()
    }
}

/// The routes of the accounts service.
pub fn routes(accounts: Accounts, allowances: Allowances) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(providers))
        .routes(routes!(login, login_2017))
        .routes(routes!(refresh))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(map_response(no_store))
        .with_state(Logins { accounts, allowances })
}

/// What a player can log in with.
#[utoipa::path(
    get, path = "/login/providers", tag = "login",
    responses((status = 200, description = "The providers", body = Vec<LoginProvider>))
)]
async fn providers(State(accounts): State<Accounts>) -> Json<Vec<LoginProvider>> {
    Json(accounts.providers())
}

/// Exchanges the code of a provider's page for an identity and a token.
#[utoipa::path(
    post, path = "/login/{provider}", tag = "login", request_body = LoginRequest,
    params(("provider" = String, Path, description = "`kakao`, or another one of `/login/providers`")),
    responses(
        (status = 200, description = "Who the player is, and the token that says so", body = LoginAnswer),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`code-refused`, `id-token-refused`, `token-refused`, `wrong-app`, `wrong-player`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`unknown-provider`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`not-json`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`app-refused`, `no-id-token`, `provider-down`, `provider-slow`, `no-identity`, `busy`, `internal`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn login(
    State(accounts): State<Accounts>,
    State(allowances): State<Allowances>,
    ByAddress(from): ByAddress,
    Path(provider): Path<String>,
    body: Result<Body<LoginRequest>, ProblemResponse>,
) -> Result<Json<LoginAnswer>, ProblemResponse> {
    let Body(request) = body.map_err(ProblemResponse::without_words)?;
    take_login(&allowances, from).await?;
    answer(&provider, LOGIN, accounts.login(&provider, &request).await)
}

/// Exchanges a provider's refresh token for another token of the same player.
///
/// `refresh-refused`, `wrong-app` and `wrong-player` mean that the player has to log in again. After any other
/// problem the refresh token is still good: try again later.
#[utoipa::path(
    post, path = "/login/{provider}/refresh", tag = "login", request_body = RefreshRequest,
    params(("provider" = String, Path, description = "The provider of the login")),
    responses(
        (status = 200, description = "The token, and the next refresh token where the one before is replaced", body = LoginAnswer),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`refresh-refused`, `id-token-refused`, `token-refused`, `wrong-app`, `wrong-player`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`unknown-provider`", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "`not-json`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`app-refused`, `no-id-token`, `provider-down`, `provider-slow`, `no-identity`, `busy`, `internal`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn refresh(
    State(accounts): State<Accounts>,
    State(allowances): State<Allowances>,
    ByAddress(from): ByAddress,
    Path(provider): Path<String>,
    body: Result<Body<RefreshRequest>, ProblemResponse>,
) -> Result<Json<LoginAnswer>, ProblemResponse> {
    let Body(request) = body.map_err(ProblemResponse::without_words)?;
    take_login(&allowances, from).await?;
    answer(&provider, REFRESH, accounts.refresh(&provider, &request).await)
}

/// The login of 2017: an access token of Kakao for an identity. Kept for old clients.
#[utoipa::path(
    get, path = "/login/{provider}", tag = "2017",
    params(("provider" = String, Path, description = "`kakao`: 2017 had no other"), Query2017),
    responses(
        (status = 200, description = "Who the player is, and the token that says so", body = LoginAnswer2017),
        (status = 400, description = "`bad-request`", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "`token-refused`, `wrong-app`, `wrong-player`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "`unknown-provider`", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "`rate-limited`", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", description = "`provider-down`, `provider-slow`, `no-identity`, `busy`, `internal`", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn login_2017(
    State(accounts): State<Accounts>,
    State(allowances): State<Allowances>,
    ByAddress(from): ByAddress,
    Path(provider): Path<String>,
    query: Result<Query<Query2017>, ProblemResponse>,
) -> Result<Json<LoginAnswer2017>, ProblemResponse> {
    let Query(query) = query.map_err(ProblemResponse::without_words)?;
    take_login(&allowances, from).await?;
    answer(&provider, LOGIN, accounts.login_2017(&provider, &query.id, &query.access_token).await)
}

/// Of this address first, so that one of them alone can't use up what all have together.
async fn take_login(allowances: &Allowances, from: Requester) -> Result<(), AllowanceError> {
    allowances.take(from, &LOG_IN).await?;
    allowances.take(Requester::Everybody, &LOG_IN).await
}

/// What the log says of the one that went well, and of the one that did not.
const LOGIN: [&str; 2] = ["a player logged in", "a login failed"];
const REFRESH: [&str; 2] = ["a login was refreshed", "a refresh failed"];

fn answer<T>(
    provider: &str,
    [done, failed]: [&str; 2],
    result: Result<T, LoginError>,
) -> Result<Json<T>, ProblemResponse> {
    let provider = short_name(provider);
    match result {
        Ok(answer) => {
            tracing::info!(provider, "{done}");
            Ok(Json(answer))
        }
        Err(error) => {
            tracing::warn!(provider, %error, "{failed}");
            Err(error.into())
        }
    }
}

/// An answer with a token must not be cached.
async fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
