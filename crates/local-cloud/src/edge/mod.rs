//! The edge: does what CloudFront does with the 2017 distribution, on its own listener.
//!
//! `GET` and `HEAD` of `/<key>?versionId=` for everybody, cached by path and `versionId`. A path
//! that was cached stays as it was until its lifetime is over or an invalidation has completed,
//! whatever the bucket holds by then.

pub(crate) mod cache;
mod path;
mod range;
mod response;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::{Method, Request, Response, Uri};

use crate::error::StorageError;
use crate::names;
use crate::outflow::{self, Outflow};
use crate::storage::Storage;
use crate::tally::Tally;
use cache::{Cache, CacheKey, Cached};
use response::{Body, Fault, Source};

/// Bodies up to 64 KiB are kept in memory.
const SMALL_BODY: u64 = 64 << 10;

/// The longest lifetime, of what the origin marks as cacheable for longer: a year.
const MOST_LIFETIME: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The edge as a service that hyper can serve.
#[derive(Clone)]
pub(crate) struct Edge {
    pub(crate) storage: Arc<Storage>,
    pub(crate) cache: Arc<Cache>,
    pub(crate) tally: Arc<Tally>,
    pub(crate) bucket: Arc<str>,
    /// How long an answer without `Cache-Control` is kept.
    pub(crate) default_lifetime: Duration,
}

impl hyper::service::Service<Request<Incoming>> for Edge {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let edge = self.clone();
        // Nothing here waits: the index and small bodies answer from memory in microseconds, and
        // large bodies are read while they stream.
        Box::pin(async move { Ok(edge.answer(&request)) })
    }
}

impl Edge {
    fn answer(&self, request: &Request<Incoming>) -> Response<Body> {
        self.tally.edge_requests.add(1);
        let response = cache_key(request.uri())
            .and_then(|key| self.serve_again_if_gone(request, &key))
            .unwrap_or_else(|fault| response::fault(&fault));
        response::without_body_for_head(request.method(), response)
    }

    /// A large body is not in the cache but in its blob, which disappears when the version is deleted by
    /// its id. Then the bucket is asked again.
    fn serve_again_if_gone(
        &self,
        request: &Request<Incoming>,
        key: &CacheKey,
    ) -> Result<Response<Body>, Fault> {
        match self.serve(request, key) {
            Err(fault) if fault.is_gone() => {
                self.cache.forget(key);
                self.serve(request, key)
            }
            served => served,
        }
    }

    fn serve(&self, request: &Request<Incoming>, key: &CacheKey) -> Result<Response<Body>, Fault> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Err(Fault::forbidden());
        }
        let (cached, source) = self.find(key)?;
        if let Some(status) = response::refused_by_condition(request.headers(), &cached.version) {
            return response::bodiless(status, &cached, source);
        }
        let size = cached.version.size;
        let wanted = range::wanted(request.headers(), &cached.version);
        let Some(span) = range::resolve(wanted, size) else {
            return Err(Fault::range(size));
        };
        let body = match *request.method() == Method::HEAD {
            true => Outflow::Whole(Bytes::new()),
            false => self.read(&cached, span.bytes.clone())?,
        };
        let body = response::counted(body, &self.tally);
        response::with_body(&cached, source, &span, body)
    }

    /// The answer from the cache, or from the bucket into the cache.
    fn find(&self, key: &CacheKey) -> Result<(Arc<Cached>, Source), Fault> {
        let old = self.cache.get(key);
        if let Some(cached) = old.as_ref().filter(|cached| cached.is_fresh()) {
            self.tally.edge_hits.add(1);
            return Ok((Arc::clone(cached), Source::Hit));
        }
        let cached = Arc::new(self.fetch(key)?);
        let same = old.is_some_and(|old| old.version.id == cached.version.id);
        self.cache.insert(key.clone(), Arc::clone(&cached));
        match same {
            true => Ok((cached, Source::RefreshHit)),
            false => Ok((cached, Source::Miss)),
        }
    }

    fn fetch(&self, key: &CacheKey) -> Result<Cached, Fault> {
        let index = &self.storage.index;
        let found = match &key.version_id {
            Some(id) => index.version(&self.bucket, &key.path, id)?,
            None => index.latest(&self.bucket, &key.path)?,
        };
        let by_id = key.version_id.is_some();
        let version = found.ok_or_else(|| Fault::not_found(by_id))?;
        let Some(blob) = version.blob.clone() else {
            return Err(Fault::deleted(by_id));
        };
        let body = match version.size <= SMALL_BODY {
            true => match outflow::open(&self.storage, &blob, 0..version.size)? {
                Outflow::Whole(bytes) => Some(bytes),
                Outflow::Chunks(_) => None,
            },
            false => None,
        };
        let lifetime = lifetime(version.headers.cache_control.as_deref(), self.default_lifetime);
        Ok(Cached { version, blob, body, fetched: Instant::now(), lifetime })
    }

    fn read(&self, cached: &Cached, span: std::ops::Range<u64>) -> Result<Outflow, StorageError> {
        match &cached.body {
            Some(body) => {
                let (start, end) = (span.start as usize, span.end as usize);
                Ok(Outflow::Whole(body.slice(start..end)))
            }
            None => outflow::open(&self.storage, &cached.blob, span),
        }
    }
}

/// The distribution's cache key. Query parameters other than `versionId` are not part of it.
fn cache_key(uri: &Uri) -> Result<CacheKey, Fault> {
    let path = path::decoded(uri.path()).ok_or_else(Fault::unreadable_path)?;
    if path.is_empty() {
        // The list of the bucket, which S3 does not show to the edge.
        return Err(Fault::forbidden());
    }
    let mut pairs = uri.query().unwrap_or_default().split('&');
    let version_id = pairs
        .find_map(|pair| pair.strip_prefix("versionId="))
        .map(|id| names::read_version_id(id).ok_or_else(Fault::malformed_version))
        .transpose()?;
    Ok(CacheKey { path, version_id })
}

/// How long an answer may be kept: `s-maxage`, `max-age`, or the default (least 0, most a year).
fn lifetime(cache_control: Option<&str>, default: Duration) -> Duration {
    let Some(cache_control) = cache_control else {
        return default;
    };
    let directives = || cache_control.split(',').map(str::trim);
    if directives().any(|it| matches!(it, "no-store" | "no-cache" | "private")) {
        return Duration::ZERO;
    }
    let seconds =
        |name: &str| directives().find_map(|it| it.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
    seconds("s-maxage").or_else(|| seconds("max-age")).map_or(default, Duration::from_secs).min(MOST_LIFETIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_follow_cache_control() {
        let day = Duration::from_secs(86_400);
        assert_eq!(lifetime(None, day), day);
        assert_eq!(lifetime(Some("public"), day), day);
        assert_eq!(lifetime(Some("no-cache, max-age=9"), day), Duration::ZERO);
        assert_eq!(lifetime(Some("max-age=60, s-maxage=5"), day), Duration::from_secs(5));
    }

    #[test]
    fn the_cache_key_is_path_and_version_id_alone() {
        let key = |uri: &'static str| cache_key(&Uri::from_static(uri)).ok();
        let plain = key("/a%20b").unwrap_or_else(|| unreachable!());
        assert_eq!(plain.path, "a b");
        assert_eq!(key("/a%20b?x=1&y=2"), Some(plain));
        let id = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH";
        let version = key("/a?z=1&versionId=3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH").and_then(|key| key.version_id);
        assert_eq!(version.as_deref(), Some(id));
        assert_eq!(key("/a?versionId=v"), None, "no version has such an id");
        assert_eq!(key("/"), None);
    }
}
