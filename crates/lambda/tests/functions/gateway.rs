//! An HTTP API before the functions: the routes of `infra/api.tf`, the events and answers of payload
//! format 2.0.
//!
//! What AWS's own says instead of a function is said here too: 404 where there is no route, 500 where
//! the function failed, both in JSON that is no problem of RFC 9457.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::http_api;
use crate::runtime::Function;

const INFRA: &str = include_str!("../../../../infra/api.tf");

/// More than a function may be handed:
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const MOST_BYTES: usize = 6 << 20;

/// The functions behind the API, by their names in `infra/`.
pub type Functions = BTreeMap<&'static str, Function>;

/// Listens until the test ends, and answers its address.
pub async fn start(functions: Functions) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let api = Router::new().fallback(serve).with_state(Arc::new(functions));
    tokio::spawn(async move { axum::serve(listener, api).await });
    url
}

async fn serve(State(functions): State<Arc<Functions>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MOST_BYTES).await.unwrap();
    let Some((route, function)) = route_of(parts.uri.path()) else {
        return (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" }))).into_response();
    };
    let event = http_api::event(&route, &parts, &body);
    match functions[function.as_str()].outcome(&event).await {
        Ok(answer) => answered(&answer),
        Err(error) => {
            println!("the function {function} failed: {error}");
            let words = json!({ "message": "Internal Server Error" });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(words)).into_response()
        }
    }
}

/// The route of a path, and the function behind it.
fn route_of(path: &str) -> Option<(String, String)> {
    routes().find(|(route, _)| {
        let pattern = route.strip_prefix("ANY ").unwrap();
        match pattern.strip_suffix("{rest+}") {
            Some(start) => path.strip_prefix(start).is_some_and(|rest| !rest.is_empty()),
            None => path == pattern,
        }
    })
}

/// `"ANY /login/{rest+}" = "accounts"`
fn routes() -> impl Iterator<Item = (String, String)> {
    let start = INFRA.find("routes = {\n").unwrap();
    let lines = INFRA[start..].lines().skip(1).take_while(|line| line.trim() != "}");
    lines.map(|line| {
        let mut words = line.split('"');
        (words.nth(1).unwrap().to_owned(), words.nth(1).unwrap().to_owned())
    })
}

/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>
fn answered(answer: &Value) -> Response {
    let status = answer["statusCode"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap();
    let mut response = Response::builder().status(status);
    for (name, value) in answer["headers"].as_object().unwrap() {
        response = response.header(name, value.as_str().unwrap());
    }
    let body = answer["body"].as_str().unwrap_or_default();
    let body = match answer["isBase64Encoded"].as_bool() {
        Some(true) => Bytes::from(STANDARD.decode(body).unwrap()),
        _ => Bytes::copy_from_slice(body.as_bytes()),
    };
    response.body(Body::from(body)).unwrap()
}

#[test]
fn each_path_of_the_services_has_its_function() {
    for (path, function) in [
        ("/login/kakao", "accounts"),
        ("/runs", "scores"),
        ("/2017/scoreboard", "scores"),
        ("/datasets", "player_data"),
        ("/datasets/save", "player_data"),
    ] {
        assert_eq!(route_of(path).unwrap().1, function, "{path}");
    }
    for path in ["/", "/openapi.json", "/login", "/datasets/", "/runs/1", "/no/such/route"] {
        assert_eq!(route_of(path), None, "{path}: AWS has no route either");
    }
}
