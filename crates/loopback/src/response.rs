//! Security headers of every answer.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Response};

/// An object of the bucket may be an untrusted page. Opened in a browser, it runs no scripts, has no
/// origin, and cannot be framed; it cannot be embedded in another page.
const DEFAULTS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds the headers that the server did not set itself.
pub(crate) fn defused<B>(mut response: Response<B>) -> Response<B> {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
