//! Whatever is wrong with a request, the answer is a problem that says so.

use naru_protocol::ProblemCode;
use reqwest::{Method, StatusCode};

use crate::server::{Server, code};

#[tokio::test]
async fn who_is_not_logged_in_is_told_so() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::POST, "/runs"),
        (Method::POST, "/scores"),
        (Method::GET, "/datasets"),
        (Method::GET, "/datasets/save"),
        (Method::PATCH, "/datasets/save"),
        (Method::DELETE, "/datasets/save"),
    ] {
        let request = || server.request(method.clone(), path, None);
        assert_eq!(code(request()).await, ProblemCode::NotLoggedIn, "{path}");
        for header in ["Bearer nobody", "Bearer expired", "Bearer ", "Basic cGxheWVyLTE6", "player-1"] {
            let request = request().header("authorization", header);
            assert_eq!(code(request).await, ProblemCode::NotLoggedIn, "{path} {header}");
        }
        assert_eq!(code(request().bearer_auth("later")).await, ProblemCode::Busy);
        let long = request().bearer_auth(format!("player-{}", "1".repeat(9000)));
        assert_eq!(code(long).await, ProblemCode::NotLoggedIn);
    }
    let board = server.request(Method::GET, "/scoreboard", None).bearer_auth("expired");
    assert_eq!(code(board).await, ProblemCode::NotLoggedIn, "a bad token is never taken for no token");
}

#[tokio::test]
async fn what_can_not_be_read_is_refused() {
    let server = Server::start().await;
    let post = || server.request(Method::POST, "/scores", 1);
    assert_eq!(code(post()).await, ProblemCode::NotJson);
    let json = |body: &'static str| post().header("content-type", "application/json").body(body);
    for body in ["", "{", "null", "[]", "{\"run_id\": 1}", "\u{0}", "[[[[[[[[[["] {
        assert_eq!(code(json(body)).await, ProblemCode::BadRequest, "{body:?}");
    }
    for query in ["since=9223372036854775808", "since=-1", "since=1.5", "other=1"] {
        let asked = server.request(Method::GET, &format!("/datasets/save?{query}"), 1);
        assert_eq!(code(asked).await, ProblemCode::BadRequest, "{query}: no sync count is like that");
    }
    let nothing = server.request(Method::GET, "/no/such/route", 1);
    assert_eq!(code(nothing).await, ProblemCode::NotFound);
    let method = server.request(Method::PUT, "/scores", 1);
    assert_eq!(code(method).await, ProblemCode::MethodNotAllowed);
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask() {
    let server = Server::start().await;
    let preflight = server
        .request(Method::OPTIONS, "/scores", None)
        .header("origin", "http://game.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    let answer = preflight.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(answer.headers().get("access-control-allow-credentials").is_none());
}
