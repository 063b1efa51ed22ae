//! What the router answers where nothing stands before it. In AWS an HTTP API does: a path that it
//! has no route for reaches no function.

use naru_protocol::ProblemCode;
use reqwest::Method;

use crate::cases::service::{Service, code};

#[tokio::test]
async fn a_route_that_is_not_there_is_a_problem() {
    let Some(service) = Service::start().await else { return };
    let nothing = service.request(Method::GET, "/no/such/route", 1);
    assert_eq!(code(nothing).await, ProblemCode::NotFound);
}
