//! `/login`: what clients log in with.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use naru_protocol::AccessToken;
use naru_protocol::login::{LoginProvider, LoginRequest};
use serde::{Deserialize, Serialize};

use crate::accounts::Accounts;
use crate::domain::accounts::{IdentityError, LoginError, ProviderError};

/// The largest request.
const MOST_BYTES: usize = 16 << 10;

/// The query of 2017. `expires_in` was sent and never used.
#[derive(Deserialize)]
struct Query2017 {
    id: String,
    access_token: AccessToken,
}

/// An error as RFC 9457 writes it.
#[derive(Serialize)]
struct Problem {
    r#type: String,
    title: &'static str,
    status: u16,
}

/// The routes of the accounts service.
pub fn router(accounts: Accounts) -> Router {
    Router::new()
        .route("/login/providers", get(providers))
        .route("/login/kakao", get(login_2017).post(login_kakao))
        .route("/login/{provider}", post(login))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(accounts)
}

async fn providers(State(accounts): State<Accounts>) -> Json<Vec<LoginProvider>> {
    Json(accounts.providers())
}

async fn login_kakao(accounts: State<Accounts>, body: Result<Json<LoginRequest>, JsonRejection>) -> Response {
    login(accounts, Path("kakao".to_owned()), body).await
}

async fn login(
    State(accounts): State<Accounts>,
    Path(provider): Path<String>,
    body: Result<Json<LoginRequest>, JsonRejection>,
) -> Response {
    // The rejection's own text could repeat what was sent.
    let Ok(Json(request)) = body else {
        return problem(StatusCode::BAD_REQUEST, "request", "The request is not a login");
    };
    answer(&provider, accounts.login(&provider, &request).await)
}

async fn login_2017(
    State(accounts): State<Accounts>,
    query: Result<Query<Query2017>, QueryRejection>,
) -> Response {
    let Ok(Query(query)) = query else {
        return problem(StatusCode::BAD_REQUEST, "request", "The request is not a login");
    };
    answer("kakao", accounts.login_2017(&query.id, &query.access_token).await)
}

fn answer<T: Serialize>(provider: &str, result: Result<T, LoginError>) -> Response {
    let response = match result {
        Ok(answer) => {
            tracing::info!(provider, "a player logged in");
            Json(answer).into_response()
        }
        Err(error) => {
            let (status, name, title) = words(&error);
            tracing::warn!(provider, status = status.as_u16(), %error, "a login failed");
            problem(status, name, title)
        }
    };
    no_store(response)
}

/// Status, name and sentence of an error. What exactly is wrong with a token stays in the log.
fn words(error: &LoginError) -> (StatusCode, &'static str, &'static str) {
    let unauthorized = StatusCode::UNAUTHORIZED;
    match error {
        LoginError::UnknownProvider(_) => {
            (StatusCode::NOT_FOUND, "unknown-provider", "There is no such login provider here")
        }
        LoginError::Code(_) => (unauthorized, "code-refused", "The provider does not accept this login"),
        LoginError::AccessToken(_) => {
            (unauthorized, "token-refused", "The provider refused the access token")
        }
        LoginError::IdToken(_) => (unauthorized, "id-token-refused", "The provider's token does not count"),
        LoginError::App { .. } => (unauthorized, "wrong-app", "The access token belongs to another app"),
        LoginError::Player => (unauthorized, "wrong-player", "The access token belongs to another player"),
        LoginError::NoIdToken => (StatusCode::BAD_GATEWAY, "no-id-token", "The provider gave no ID token"),
        LoginError::Client(_) => {
            (StatusCode::BAD_GATEWAY, "app-refused", "The provider does not accept this service")
        }
        LoginError::Provider(ProviderError::Slow { .. }) => {
            (StatusCode::GATEWAY_TIMEOUT, "provider-slow", "The provider takes too long")
        }
        LoginError::Provider(_) => {
            (StatusCode::BAD_GATEWAY, "provider-down", "The provider gives no answer that counts")
        }
        LoginError::Identity(IdentityError::Busy) => {
            (StatusCode::SERVICE_UNAVAILABLE, "busy", "Too many players log in at once")
        }
        LoginError::Identity(_) => {
            (StatusCode::BAD_GATEWAY, "no-identity", "The identity service gives no identity")
        }
    }
}

fn problem(status: StatusCode, name: &str, title: &'static str) -> Response {
    let body = Problem { r#type: format!("urn:naru:login:{name}"), title, status: status.as_u16() };
    let mut response = (status, Json(body)).into_response();
    set(&mut response, header::CONTENT_TYPE, "application/problem+json");
    no_store(response)
}

/// Nobody on the way may keep an answer that has a token in it.
fn no_store(mut response: Response) -> Response {
    set(&mut response, header::CACHE_CONTROL, "no-store");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}
