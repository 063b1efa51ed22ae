//! Whatever is wrong with a request, the answer is a problem that says so.

use naru_protocol::ProblemCode;
use reqwest::{Method, StatusCode};

use super::service::{Service, Setting, code, problem};

#[tokio::test]
async fn who_is_not_logged_in_is_told_so() {
    let Some(service) = Service::start().await else { return };
    for (method, path) in [
        (Method::POST, "/runs"),
        (Method::POST, "/scores"),
        (Method::GET, "/datasets"),
        (Method::GET, "/datasets/save"),
        (Method::PATCH, "/datasets/save"),
        (Method::DELETE, "/datasets/save"),
    ] {
        let request = || service.request(method.clone(), path, None);
        assert_eq!(code(request()).await, ProblemCode::NotLoggedIn, "{path}");
        let expired = format!("Bearer {}", service.tokens.expired());
        let bare = service.tokens.of(1);
        for header in ["Bearer nobody", expired.as_str(), "Bearer ", "Basic cGxheWVyLTE6", bare.as_str()] {
            let request = request().header("authorization", header);
            assert_eq!(code(request).await, ProblemCode::NotLoggedIn, "{path} {header}");
        }
        let long = request().bearer_auth(format!("{bare}{}", "1".repeat(8000)));
        assert_eq!(code(long).await, ProblemCode::NotLoggedIn);
    }
    let board = service.request(Method::GET, "/scoreboard", None).bearer_auth(service.tokens.expired());
    assert_eq!(code(board).await, ProblemCode::NotLoggedIn, "a bad token is never taken for no token");
}

#[tokio::test]
async fn a_token_that_nobody_can_judge_now_is_not_refused() {
    let setting = Setting { has_keys: false, ..Setting::default() };
    let Some(service) = Service::start_with(setting).await else { return };
    for (method, path) in [(Method::POST, "/runs"), (Method::GET, "/datasets"), (Method::GET, "/scoreboard")]
    {
        let response = service.request(method, path, 1).send().await.unwrap();
        assert!(response.headers().contains_key("retry-after"), "{path}: it is worth trying again");
        assert_eq!(problem(response).await.code, ProblemCode::Busy, "{path}: the player is logged in still");
    }
}

#[tokio::test]
async fn what_can_not_be_read_is_refused() {
    let Some(service) = Service::start().await else { return };
    let post = || service.request(Method::POST, "/scores", 1);
    assert_eq!(code(post()).await, ProblemCode::NotJson);
    let json = |body: &'static str| post().header("content-type", "application/json").body(body);
    for body in ["", "{", "null", "[]", "{\"run_id\": 1}", "\u{0}", "[[[[[[[[[["] {
        assert_eq!(code(json(body)).await, ProblemCode::BadRequest, "{body:?}");
    }
    for query in ["since=9223372036854775808", "since=-1", "since=1.5", "other=1"] {
        let asked = service.request(Method::GET, &format!("/datasets/save?{query}"), 1);
        assert_eq!(code(asked).await, ProblemCode::BadRequest, "{query}: no sync count is like that");
    }
    let method = service.request(Method::PUT, "/scores", 1);
    assert_eq!(code(method).await, ProblemCode::MethodNotAllowed);
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask() {
    let Some(service) = Service::start().await else { return };
    let preflight = service
        .request(Method::OPTIONS, "/scores", None)
        .header("origin", "http://game.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let answer = preflight.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(answer.headers().get("access-control-allow-credentials").is_none());
}
