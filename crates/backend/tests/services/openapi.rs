//! The description of the routes. In AWS the API has no route to it.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::cases::service::{Service, Setting};

#[tokio::test]
async fn every_route_is_described_with_its_refusals() {
    let setting = Setting { shapes_2017: true, ..Setting::default() };
    let Some(service) = Service::start_with(setting).await else { return };
    let document: Value = service.get("/openapi.json", None).await;
    let paths = document["paths"].as_object().unwrap();
    let routes: Vec<_> = paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| format!("{method} {path}"))
        })
        .collect();
    for route in [
        "get /login/providers",
        "post /login/{provider}",
        "get /login/{provider}",
        "post /login/{provider}/refresh",
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
    assert_eq!(routes.len(), 14);
    let refusal = &document["paths"]["/scores"]["post"]["responses"]["409"]["content"];
    assert!(refusal["application/problem+json"]["schema"].is_object());
    assert!(document["components"]["securitySchemes"]["login"].is_object());
}

#[tokio::test]
async fn the_login_is_described_without_the_shape_of_its_secrets() {
    let Some(service) = Service::start().await else { return };
    let document: Value = service.get("/openapi.json", None).await;
    let schemas = &document["components"]["schemas"];
    for (schema, field) in [
        ("LoginRequest", "code"),
        ("LoginRequest", "code_verifier"),
        ("LoginRequest", "nonce"),
        ("RefreshRequest", "refresh_token"),
        ("LoginAnswer", "token"),
        ("LoginAnswer2017", "Token"),
    ] {
        let kind = &schemas[schema]["properties"][field]["type"];
        assert_eq!(kind, "string", "a generated client sends {schema}.{field} as plain text");
    }
    let renewed = &schemas["LoginAnswer"]["properties"]["refreshToken"]["type"];
    assert_eq!(*renewed, json!(["string", "null"]), "it need not be there");
    for path in ["/login/{provider}", "/login/{provider}/refresh"] {
        let refusals = document["paths"][path]["post"]["responses"].as_object().unwrap();
        for status in ["400", "401", "404", "413", "415", "5XX"] {
            let body = &refusals[status]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(
                body, "#/components/schemas/Problem",
                "{path}: {status} is a problem as everywhere else"
            );
        }
    }
}

/// A second opinion on whether the services do what their description says: requests made from the
/// description alone, by a program that others wrote.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs schemathesis, which `cargo xtask test` installs: NARU_SCHEMATHESIS names the program"]
async fn schemathesis_finds_no_violation() {
    let program = std::env::var("NARU_SCHEMATHESIS").expect("NARU_SCHEMATHESIS names the program");
    let setting = Setting { rate_limits: false, ..Setting::default() };
    let Some(service) = Service::start_with(setting).await else { return };
    let folder = tempfile::tempdir().unwrap();
    // The same requests in each run of the tests; another seed looks further.
    let seed = std::env::var("NARU_SCHEMATHESIS_SEED").unwrap_or_else(|_| "20261121".to_owned());
    let expectations = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/schemathesis.toml");
    let run = Command::new(program)
        .args(["--config-file", expectations, "run", "--max-examples", "50"])
        .args(["--seed", &seed])
        .args(["--header", &format!("Authorization: Bearer {}", service.tokens.of(1))])
        .arg(format!("{}/openapi.json", service.host.url))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    // Its report has the seed and, for each violation, the request as a command of curl.
    println!("{}\n{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "the services and their description differ");
}
