//! The description of the routes.

use naru_backend::domain::ServiceLimits;
use naru_backend::http::Options;
use serde_json::Value;

use crate::server::Server;

#[tokio::test]
async fn every_route_is_described_with_its_refusals() {
    let options = Options { shapes_2017: true, ..Options::default() };
    let server = Server::start_with(ServiceLimits::default(), options).await;
    let document: Value = server.get("/openapi.json", None).await;
    let paths = document["paths"].as_object().unwrap();
    let routes: Vec<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    for route in [
        "post /runs",
        "post /scores",
        "get /scoreboard",
        "get /scorehistory",
        "get /datasets",
        "get /datasets/{name}",
        "patch /datasets/{name}",
        "delete /datasets/{name}",
        "get /2017/scoreboard",
        "get /2017/scorehistory",
    ] {
        assert!(routes.contains(&route.to_owned()), "{route}");
    }
    assert_eq!(routes.len(), 10);
    let refusal = &document["paths"]["/scores"]["post"]["responses"]["409"]["content"];
    assert!(refusal["application/problem+json"]["schema"].is_object());
    assert!(document["components"]["securitySchemes"]["login"].is_object());
}
