//! What the edge has seen of the origin.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html>

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::path;
use crate::index::records::Version;

/// The cache key of the 2017 distribution: the path, and `versionId` as the only query parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct CacheKey {
    /// Decoded, without the leading slash: the object's key.
    pub(crate) path: String,
    pub(crate) version_id: Option<String>,
}

/// One answer of the origin.
#[derive(Debug)]
pub(crate) struct Cached {
    pub(crate) version: Version,
    /// The blob of the version.
    pub(crate) blob: String,
    /// Small bodies only.
    pub(crate) body: Option<Bytes>,
    pub(crate) fetched: Instant,
    pub(crate) lifetime: Duration,
}

impl Cached {
    pub(crate) fn is_fresh(&self) -> bool {
        self.fetched.elapsed() < self.lifetime
    }
}

/// Most answers kept.
const MOST_ENTRIES: usize = 200_000;

/// Most bytes of bodies kept: 64 MiB.
const MOST_BYTES: usize = 64 << 20;

/// The cache. The oldest answers go first when it is full.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<CacheKey, Arc<Cached>>,
    order: VecDeque<CacheKey>,
    bytes: usize,
}

impl Cache {
    pub(crate) fn get(&self, key: &CacheKey) -> Option<Arc<Cached>> {
        self.lock().entries.get(key).cloned()
    }

    pub(crate) fn insert(&self, key: CacheKey, cached: Arc<Cached>) {
        let mut inner = self.lock();
        inner.bytes += body_size(&cached);
        match inner.entries.insert(key.clone(), cached) {
            Some(old) => inner.bytes -= body_size(&old),
            None => inner.order.push_back(key),
        }
        while inner.bytes > MOST_BYTES || inner.entries.len() > MOST_ENTRIES {
            let Some(oldest) = inner.order.pop_front() else {
                return;
            };
            inner.forget(&oldest);
        }
    }

    /// Drops one answer.
    pub(crate) fn forget(&self, key: &CacheKey) {
        let mut inner = self.lock();
        inner.forget(key);
        inner.order.retain(|other| other != key);
    }

    /// Drops what the paths of an invalidation name: `/a/b`, `/a/b?versionId=x`, or `/a/*` for all
    /// that begins so. As on the real edge, a path without a query leaves the path's versions.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html>
    pub(crate) fn invalidate(&self, paths: &[String]) {
        let mut inner = self.lock();
        let hit = |key: &CacheKey| paths.iter().any(|path| covers(path, key));
        let gone: Vec<CacheKey> = inner.entries.keys().filter(|key| hit(key)).cloned().collect();
        for key in &gone {
            inner.forget(key);
        }
        inner.order.retain(|key| !hit(key));
    }

    /// A panic elsewhere leaves at worst an entry too many.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn forget(&mut self, key: &CacheKey) {
        if let Some(old) = self.entries.remove(key) {
            self.bytes -= body_size(&old);
        }
    }
}

fn body_size(cached: &Cached) -> usize {
    cached.body.as_ref().map_or(0, Bytes::len)
}

fn covers(invalidation: &str, key: &CacheKey) -> bool {
    let Some(invalidation) = path::decoded(invalidation) else {
        return false;
    };
    let url = match &key.version_id {
        Some(id) => format!("{}?versionId={id}", key.path),
        None => key.path.clone(),
    };
    match invalidation.strip_suffix('*') {
        Some(prefix) => url.starts_with(prefix),
        None => url == invalidation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str, version_id: Option<&str>) -> CacheKey {
        CacheKey { path: path.to_owned(), version_id: version_id.map(str::to_owned) }
    }

    #[test]
    fn an_invalidation_covers_its_url_or_all_that_begin_with_it() {
        let pointer = key("update/version.json", None);
        assert!(covers("/update/version.json", &pointer));
        assert!(!covers("/update/version.jso", &pointer));
        assert!(covers("/update/*", &pointer));
        assert!(!covers("/a*", &pointer));
        assert!(covers("/%EA%B0%80", &key("가", None)), "paths come encoded");
    }

    #[test]
    fn versions_of_a_path_are_urls_of_their_own() {
        let version = key("a", Some("x"));
        assert!(!covers("/a", &version));
        assert!(covers("/a?versionId=x", &version));
        assert!(covers("/a*", &version));
    }
}
