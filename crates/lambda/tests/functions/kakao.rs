//! Kakao, as far as a login without an ID token needs it: one good code, one player, one app.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

pub const APP_ID: u64 = 123_456;
pub const PLAYER: u64 = 987_654_321;
pub const GOOD_CODE: &str = "the-good-code";

/// A running Kakao; ends with the test.
pub struct Kakao {
    pub url: String,
    exchanges: Arc<Mutex<Vec<String>>>,
}

impl Kakao {
    pub async fn start() -> Kakao {
        Kakao::start_slow(Duration::ZERO).await
    }

    /// One that takes so long for each of its answers.
    pub async fn start_slow(pause: Duration) -> Kakao {
        let exchanges = Arc::new(Mutex::new(Vec::new()));
        let routes = Router::new()
            .route("/oauth/token", post(exchange))
            .route(
                "/v1/user/access_token_info",
                get(async || Json(json!({ "id": PLAYER, "app_id": APP_ID }))),
            )
            .route("/v2/user/me", get(async || Json(json!({ "id": PLAYER }))))
            .with_state(Arc::clone(&exchanges))
            .layer(from_fn(move |request: Request, next: Next| async move {
                tokio::time::sleep(pause).await;
                next.run(request).await
            }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Kakao { url, exchanges }
    }

    /// The forms with which codes were exchanged.
    pub fn exchanges(&self) -> Vec<String> {
        self.exchanges.lock().unwrap().clone()
    }
}

async fn exchange(
    State(exchanges): State<Arc<Mutex<Vec<String>>>>,
    form: String,
) -> (StatusCode, Json<Value>) {
    let good = form.contains(&format!("code={GOOD_CODE}&"));
    exchanges.lock().unwrap().push(form);
    match good {
        true => (StatusCode::OK, Json(json!({ "access_token": "token-of-the-player" }))),
        false => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant", "error_code": "KOE320" }))),
    }
}
