//! How much one player, and one address, may read in a minute.

use naru_protocol::ProblemCode;
use reqwest::{Method, Response};

use super::service::{Service, code, problem};

/// Asks until it is refused; answers how often it was not, and the refusal.
async fn until_refused(service: &Service, path: &str, player: Option<u32>) -> (u32, Response) {
    for asked in 0..=2 * 300 {
        // As a client that would like to be another one each time.
        let elsewhere = format!("198.51.100.{}", asked % 250);
        let request = service.request(Method::GET, path, player);
        let request =
            request.header("x-forwarded-for", &elsewhere).header("forwarded", format!("for={elsewhere}"));
        let response = request.send().await.unwrap();
        if !response.status().is_success() {
            return (asked, response);
        }
    }
    panic!("more than two minutes give, and never a refusal");
}

/// On a host whose clock is the machine's, the minute may end meanwhile.
fn assert_limit(answered: u32, limit: u32) {
    assert!((limit..=2 * limit).contains(&answered), "{answered} answers in a minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_logged_in_reads_so_much_a_minute_from_one_address() {
    let Some(service) = Service::start().await else { return };
    let (answered, response) = until_refused(&service, "/scorehistory", None).await;
    assert_limit(answered, 300);
    let wait = response.headers()["retry-after"].to_str().unwrap().to_owned();
    let refused = problem(response).await;
    assert_eq!((refused.status, refused.code), (429, ProblemCode::RateLimited));
    assert_eq!(refused.retry_after_seconds.unwrap().to_string(), wait);
    if refused.retry_after_seconds > Some(5) {
        let board = service.request(Method::GET, "/scoreboard", None);
        assert_eq!(
            code(board).await,
            ProblemCode::RateLimited,
            "one allowance for all that anybody may read"
        );
    }
    let logged_in = service.request(Method::GET, "/scoreboard", 1).send().await.unwrap();
    assert!(logged_in.status().is_success(), "a player is no address: many play behind one");
    service.host.advance(i64::from(refused.retry_after_seconds.unwrap()) * 1000).await;
    let next_minute = service.request(Method::GET, "/scorehistory", None).send().await.unwrap();
    assert!(next_minute.status().is_success(), "the next minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_reads_so_much_a_minute() {
    let Some(service) = Service::start().await else { return };
    for path in ["/scoreboard?limit=1", "/datasets", "/datasets/save"] {
        let player = if path == "/datasets/save" { 2 } else { 1 };
        let (answered, response) = until_refused(&service, path, Some(player)).await;
        assert_limit(answered, 120);
        assert!(response.headers().contains_key("retry-after"), "{path}: it is worth trying again");
        assert_eq!(problem(response).await.code, ProblemCode::RateLimited, "{path}");
        let other = service.request(Method::GET, path, 3).send().await.unwrap();
        assert!(other.status().is_success(), "{path}: another player's allowance is another's");
    }
}
