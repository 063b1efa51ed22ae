//! What the edge answers.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use hyper::header::{self, HeaderValue};
use hyper::http::response::Builder;
use hyper::{HeaderMap, Method, Response, StatusCode};

use super::cache::Cached;
use super::range::Span;
use crate::clock;
use crate::error::StorageError;
use crate::index::records::Version;
use crate::outflow::Outflow;
use crate::tally::Tally;

/// A body: at hand, or read while it is sent.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Where an answer came from, as `x-cache` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Hit,
    /// Too old, asked again, and still the same.
    RefreshHit,
    Miss,
}

impl Source {
    fn text(self) -> &'static str {
        match self {
            Source::Hit => "Hit from cloudfront",
            Source::RefreshHit => "RefreshHit from cloudfront",
            Source::Miss => "Miss from cloudfront",
        }
    }
}

/// A refusal, worded as S3 words it behind CloudFront.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    /// Of the object, where a range does not fit it.
    size: Option<u64>,
    /// The cache knew of bytes that are there no more.
    gone: bool,
}

impl Fault {
    pub(super) fn new(status: StatusCode, code: &'static str, message: &'static str) -> Fault {
        Fault { status, code, message, size: None, gone: false }
    }

    pub(super) fn forbidden() -> Fault {
        Fault::new(StatusCode::FORBIDDEN, "AccessDenied", "Access Denied")
    }

    pub(super) fn not_found(by_id: bool) -> Fault {
        let status = StatusCode::NOT_FOUND;
        match by_id {
            true => Fault::new(status, "NoSuchVersion", "The specified version does not exist."),
            false => Fault::new(status, "NoSuchKey", "The specified key does not exist."),
        }
    }

    /// A delete marker: as if nothing were there, unless it was asked for by its own id.
    pub(super) fn deleted(by_id: bool) -> Fault {
        match by_id {
            true => Fault::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            ),
            false => Fault::not_found(false),
        }
    }

    pub(super) fn unreadable_path() -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "InvalidURI", "Couldn't parse the specified URI.")
    }

    pub(super) fn malformed_version() -> Fault {
        Fault::new(StatusCode::BAD_REQUEST, "InvalidArgument", "Invalid version id specified")
    }

    pub(super) fn range(size: u64) -> Fault {
        Fault {
            size: Some(size),
            ..Fault::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "InvalidRange",
                "The requested range is not satisfiable",
            )
        }
    }

    /// Whether the cache was wrong about the bucket.
    pub(super) fn is_gone(&self) -> bool {
        self.gone
    }

    fn internal() -> Fault {
        Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "We encountered an internal error. Please try again.",
        )
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Fault { gone: true, ..Fault::not_found(true) }
            }
            _ => Fault::internal(),
        }
    }
}

/// Only a header value that HTTP does not allow, which no request could have stored.
impl From<hyper::http::Error> for Fault {
    fn from(_: hyper::http::Error) -> Self {
        Fault::internal()
    }
}

/// The status of a conditional request that needs no body (RFC 9110, section 13.2.2).
pub(super) fn refused_by_condition(headers: &HeaderMap, version: &Version) -> Option<StatusCode> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_MATCH).is_some_and(|etags| !etag_listed(etags, &version.etag)) {
        return Some(StatusCode::PRECONDITION_FAILED);
    }
    let unchanged = match text(header::IF_NONE_MATCH) {
        Some(etags) => etag_listed(etags, &version.etag),
        None => {
            text(header::IF_MODIFIED_SINCE).is_some_and(|date| date == clock::http_date(version.modified))
        }
    };
    unchanged.then_some(StatusCode::NOT_MODIFIED)
}

/// Whether a list of ETags, or `*`, names this one.
pub(super) fn etag_listed(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(str::trim)
        .any(|listed| listed == "*" || listed.strip_prefix("W/").unwrap_or(listed).trim_matches('"') == etag)
}

/// 304 and 412.
pub(super) fn bodiless(status: StatusCode, cached: &Cached, source: Source) -> Result<Response<Body>, Fault> {
    let builder = common(Response::builder().status(status), cached, source);
    Ok(builder.body(empty())?)
}

/// 200 and 206.
pub(super) fn with_body(
    cached: &Cached,
    source: Source,
    span: &Span,
    body: Body,
) -> Result<Response<Body>, Fault> {
    let mut builder = common(Response::builder(), cached, source)
        .header(header::CONTENT_LENGTH, span.bytes.end - span.bytes.start);
    if span.partial {
        let (first, last) = (span.bytes.start, span.bytes.end - 1);
        let text = format!("bytes {first}-{last}/{}", cached.version.size);
        builder = builder.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, text);
    }
    Ok(builder.body(body)?)
}

fn common(builder: Builder, cached: &Cached, source: Source) -> Builder {
    let version = &cached.version;
    let stored = &version.headers;
    let mut builder = builder
        .header(header::SERVER, "AmazonS3")
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::ETAG, format!("\"{}\"", version.etag))
        .header(header::LAST_MODIFIED, clock::http_date(version.modified))
        .header("x-amz-version-id", &version.id)
        .header("x-cache", source.text());
    if source == Source::Hit {
        builder = builder.header(header::AGE, cached.fetched.elapsed().as_secs());
    }
    let optional = [
        (header::CONTENT_TYPE, &stored.content_type),
        (header::CACHE_CONTROL, &stored.cache_control),
        (header::CONTENT_DISPOSITION, &stored.content_disposition),
        (header::CONTENT_ENCODING, &stored.content_encoding),
        (header::CONTENT_LANGUAGE, &stored.content_language),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            builder = builder.header(name, value);
        }
    }
    for (name, value) in &stored.metadata {
        builder = builder.header(format!("x-amz-meta-{name}"), value);
    }
    builder
}

/// A refusal as XML.
pub(super) fn fault(fault: &Fault) -> Response<Body> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>",
        fault.code, fault.message
    );
    let mut response = Response::new(full(xml.into()));
    *response.status_mut() = fault.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    headers.insert("x-cache", HeaderValue::from_static("Error from cloudfront"));
    if let Some(size) = fault.size {
        let range = HeaderValue::from_str(&format!("bytes */{size}"));
        headers.extend(range.map(|range| (header::CONTENT_RANGE, range)));
    }
    response
}

/// `HEAD` has the headers of `GET` and nothing after them.
pub(super) fn without_body_for_head(method: &Method, response: Response<Body>) -> Response<Body> {
    match *method == Method::HEAD {
        true => response.map(|_| empty()),
        false => response,
    }
}

/// A body that counts the bytes read from it.
pub(super) fn counted(body: Outflow, tally: &Arc<Tally>) -> Body {
    match body {
        Outflow::Whole(bytes) => {
            tally.edge_bytes_out.add(bytes.len() as u64);
            full(bytes)
        }
        Outflow::Chunks(chunks) => {
            let tally = Arc::clone(tally);
            let frames = chunks.map_ok(move |bytes| {
                tally.edge_bytes_out.add(bytes.len() as u64);
                Frame::data(bytes)
            });
            StreamBody::new(frames).boxed_unsync()
        }
    }
}

fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

fn empty() -> Body {
    full(Bytes::new())
}
