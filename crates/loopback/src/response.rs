//! What every answer tells a browser.

use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Response};

/// An object of the bucket may be a page of anybody's. Opened in a browser it has no scripts, no
/// origin to read others from, and no frame around it; embedded elsewhere it is not handed out.
const DEFAULTS: [(HeaderName, &str); 3] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds what the server did not say itself.
pub(crate) fn defused<B>(mut response: Response<B>) -> Response<B> {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
