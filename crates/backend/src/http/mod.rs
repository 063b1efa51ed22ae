//! The one router, for every server that the services run in.

mod accounts;
mod datasets;
mod identity;
mod login_refusal;
mod openapi;
mod problem;
mod request;
mod requester;
mod runs;
mod score_history;
mod scoreboard;
mod scores;
mod shapes_2017;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, header};
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use naru_protocol::ProblemCode;
use tower_http::cors::{Any, CorsLayer};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::requester::ClientAddress;

use self::problem::{Fault, Refused};
use crate::flows::{Accounts, Allowances};
use crate::services::Services;

/// The largest body: a full dataset of 1 MiB, in JSON.
const MAX_BODY: usize = 2 << 20;

/// What the router offers beside its own routes, and whom it tells.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Told what went wrong inside, or at a login provider, when an answer has a status of 5xx: the
    /// client is not.
    pub on_fault: fn(&str),
    /// Also answers `GET /2017/scoreboard` and `GET /2017/scorehistory` in the shapes of 2017.
    ///
    /// Off by default: games of 2017 ask without a login, so whoever finds the address can read all
    /// names and scores in one answer. Their way to send a score is not offered at all, since it
    /// would have the service believe a number that the client made up.
    pub shapes_2017: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { on_fault: |_| {}, shapes_2017: false }
    }
}

/// All routes, with the description of them at `/openapi.json`.
pub fn router(services: Services, accounts: Accounts, options: Options) -> Router {
    let logins = accounts::routes(accounts, services.allowances());
    complete(service_routes(services, options).merge(logins), options)
}

/// The routes of the services alone, for functions that log nobody in.
pub fn services_router(services: Services, options: Options) -> Router {
    complete(service_routes(services, options), options)
}

/// The routes of the login alone: in AWS they are a function with rights of its own.
pub fn login_router(accounts: Accounts, allowances: Allowances, options: Options) -> Router {
    complete(accounts::routes(accounts, allowances), options)
}

fn service_routes(services: Services, options: Options) -> OpenApiRouter {
    let mut routes = OpenApiRouter::new()
        .routes(routes!(runs::issue))
        .routes(routes!(scores::submit))
        .routes(routes!(scoreboard::page))
        .routes(routes!(score_history::bars))
        .routes(routes!(datasets::list))
        .routes(routes!(datasets::changes, datasets::update, datasets::delete));
    if options.shapes_2017 {
        routes = routes.routes(routes!(shapes_2017::scoreboard)).routes(routes!(shapes_2017::scorehistory));
    }
    routes.with_state(services)
}

/// Adds what all routes have in common.
fn complete(routes: OpenApiRouter, options: Options) -> Router {
    let (router, document) = OpenApiRouter::with_openapi(openapi::document()).merge(routes).split_for_parts();
    router
        .route("/openapi.json", get(async move || Json(document)))
        .fallback(async || Refused::because(ProblemCode::NotFound, "there is no such route"))
        .method_not_allowed_fallback(async || {
            Refused::because(ProblemCode::MethodNotAllowed, "see the description at /openapi.json")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(map_response_with_state(options.on_fault, report))
        .layer(cors())
}

/// Tells the operator what an answer keeps from the client.
async fn report(State(on_fault): State<fn(&str)>, response: Response) -> Response {
    if let Some(Fault(fault)) = response.extensions().get() {
        on_fault(fault);
    }
    response
}

/// Games are web pages of another origin. There are no cookies here, only tokens that a page has to
/// have, so any origin may ask.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
}
