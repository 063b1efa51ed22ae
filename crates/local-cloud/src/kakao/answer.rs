//! Answers in the forms that the listener gives.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;
use url::Url;

use super::Answer;

/// A browser must neither cache a login nor leak it to another site. (`no-referrer` would also remove the
/// origin from the page's own form.)
const GUARDS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
];

pub(super) fn json(status: StatusCode, value: &Value) -> Answer {
    guarded(status, "application/json;charset=UTF-8", value.to_string())
}

pub(super) fn page(status: StatusCode, html: String) -> Answer {
    guarded(status, "text/html; charset=utf-8", html)
}

pub(super) fn empty(status: StatusCode) -> Answer {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}

/// Sends the browser to an app, by GET whatever it came with.
pub(super) fn redirect(to: &Url) -> Answer {
    let mut response = empty(StatusCode::FOUND);
    // A URL that was parsed is ASCII without control characters.
    if let Ok(location) = HeaderValue::from_str(to.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    guard(response)
}

fn guarded(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    guard(response)
}

fn guard(mut response: Answer) -> Answer {
    for (name, value) in GUARDS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
