//! What the routes of all services have in common: reading requests, answering problems, and the frame of
//! the router, for every server that the services run in.

mod address;
mod identity;
mod openapi;
mod problem;
mod request;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, header};
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use naru_protocol::ProblemCode;
use tower_http::cors::{Any, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

pub use address::ClientAddress;
pub(crate) use address::{ByAddress, requester};
pub(crate) use identity::Identity;
pub use problem::ProblemResponse;
pub(crate) use request::{Body, Path, Query};

use problem::Fault;

/// The largest body: a full dataset of 1 MiB, in JSON.
const MAX_BODY: usize = 2 << 20;

/// The routes of some services, with the description of them at `/openapi.json`. `on_fault` is told what
/// went wrong inside, or at a login provider, when an answer has a status of 5xx: the client is not.
pub fn router(services: impl IntoIterator<Item = OpenApiRouter>, on_fault: fn(&str)) -> Router {
    let frame = OpenApiRouter::with_openapi(openapi::document());
    let (router, document) = services.into_iter().fold(frame, OpenApiRouter::merge).split_for_parts();
    router
        .route("/openapi.json", get(async move || Json(document)))
        .fallback(async || ProblemResponse::new(ProblemCode::NotFound, "there is no such route"))
        .method_not_allowed_fallback(async || {
            ProblemResponse::new(ProblemCode::MethodNotAllowed, "see the description at /openapi.json")
        })
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(map_response_with_state(on_fault, report))
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
