//! Requests and answers as an HTTP API hands them over, payload format 2.0:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::collections::BTreeMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

const HOST: &str = "abc.execute-api.ap-northeast-2.amazonaws.com";

/// A request without a login and without a body.
pub fn request(method: &str, path: &str) -> Value {
    let request = Request::builder().method(method).uri(path).header("authorization", "Bearer nobody");
    event(&format!("ANY {path}"), &request.body(()).unwrap().into_parts().0, b"")
}

/// A request without a login, with a body.
pub fn post(path: &str, body: &Value) -> Value {
    let request = Request::post(path).header("content-type", "application/json");
    let parts = request.body(()).unwrap().into_parts().0;
    event(&format!("ANY {path}"), &parts, body.to_string().as_bytes())
}

/// The event of a request that came by this route.
///
/// What the documentation leaves open is as others found it at AWS: the path comes decoded
/// (<https://github.com/hotsock/voker/pull/8>), and a body as text only if its type is one of a few
/// (<https://github.com/ministackorg/ministack/pull/766>).
pub fn event(route: &str, parts: &Parts, body: &[u8]) -> Value {
    let path = decoded(parts.uri.path());
    let query = parts.uri.query().unwrap_or_default();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&parts.headers),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc",
            "domainName": HOST,
            "domainPrefix": "abc",
            "http": {
                "method": parts.method.as_str(),
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "test"
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": route,
            "stage": "$default",
            "time": "21/Nov/2026:00:00:00 +0000",
            "timeEpoch": 1_795_219_200_000_u64
        },
        "isBase64Encoded": false
    });
    // What a request does not have is not in its event.
    if !query.is_empty() {
        event["queryStringParameters"] = query_parameters(query);
    }
    if let Some(start) = route.strip_prefix("ANY ").and_then(|pattern| pattern.strip_suffix("{rest+}")) {
        event["pathParameters"] = json!({ "rest": path.strip_prefix(start) });
    }
    if !body.is_empty() {
        let is_text = is_text(&parts.headers);
        event["isBase64Encoded"] = json!(!is_text);
        event["body"] = match is_text {
            true => json!(String::from_utf8_lossy(body)),
            false => json!(STANDARD.encode(body)),
        };
    }
    event
}

/// The JSON in an answer's body.
pub fn body(answer: &Value) -> Value {
    serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
}

/// Names in small letters, of several values one line.
fn headers(from: &HeaderMap) -> Map<String, Value> {
    let mut headers = BTreeMap::new();
    for (name, value) in from {
        let values: &mut Vec<&str> = headers.entry(name.as_str()).or_default();
        values.push(value.to_str().unwrap());
    }
    let mut headers: Map<_, _> =
        headers.into_iter().map(|(name, values)| (name.to_owned(), json!(values.join(",")))).collect();
    headers.insert("host".to_owned(), json!(HOST));
    for (name, value) in [
        ("x-amzn-trace-id", "Root=1-5e66d96f-7491f09xmpl79d18acf3d050"),
        ("x-forwarded-for", "192.0.2.1"),
        ("x-forwarded-port", "443"),
        ("x-forwarded-proto", "https"),
    ] {
        headers.insert(name.to_owned(), json!(value));
    }
    headers
}

fn query_parameters(query: &str) -> Value {
    let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        parameters.entry(name.into_owned()).or_default().push(value.into_owned());
    }
    let joined = parameters.into_iter().map(|(name, values)| (name, json!(values.join(","))));
    Value::Object(joined.collect())
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&kind)
}

/// A `+` stays in a path, which a form would decode.
fn decoded(path: &str) -> String {
    let query = format!("path={}", path.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes()).map(|(_, value)| value.into_owned()).collect()
}

/// AWS's own example, of the page above.
const EXAMPLE: &str = include_str!("http-api-event.json");

#[test]
fn an_event_has_nothing_that_is_not_in_the_example_of_aws() {
    let request = Request::post("/my/a%20path?parameter1=value1&parameter1=value2&parameter2=value")
        .header("content-type", "text/plain")
        .header("header2", "value1")
        .header("header2", "value2");
    let parts = request.body(()).unwrap().into_parts().0;
    let ours = event("ANY /my/{rest+}", &parts, b"Hello from Lambda");
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    for name in ["queryStringParameters", "body", "rawQueryString", "version", "isBase64Encoded"] {
        assert_eq!(ours[name], example[name], "{name}");
    }
    assert_eq!(ours["headers"]["header2"], "value1,value2");
    assert_eq!((&ours["rawPath"], &ours["pathParameters"]["rest"]), (&json!("/my/a path"), &json!("a path")));
    for (place, value) in [("", &ours), ("/requestContext", &ours["requestContext"])] {
        for (name, value) in value.as_object().unwrap() {
            let like = example.pointer(&format!("{place}/{name}"));
            let like = like.unwrap_or_else(|| panic!("AWS hands in no {place}/{name}"));
            let kind = std::mem::discriminant(value);
            assert_eq!(kind, std::mem::discriminant(like), "{place}/{name} is of another type");
        }
    }
}

#[test]
fn a_body_of_any_other_type_comes_encoded() {
    for (kind, is_encoded) in [
        ("application/json; charset=utf-8", false),
        ("application/x-www-form-urlencoded", true),
        ("application/octet-stream", true),
    ] {
        let parts = Request::post("/runs").header("content-type", kind).body(()).unwrap().into_parts().0;
        assert_eq!(event("ANY /runs", &parts, b"{}")["isBase64Encoded"], is_encoded, "{kind}");
    }
}
