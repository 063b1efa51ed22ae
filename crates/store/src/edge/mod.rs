//! The edge over HTTP: what a player reads from.

mod answer;
mod client;
mod failure;
mod pieces;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, Method, Response, Url, header};

use crate::body::{announced, refuse_empty};
use crate::key_path::{encode_key, encode_value};
use crate::network::Network;
use crate::{Body, FailureKind, ObjectRef, ReadStore, StoreError, Stored};

pub use client::EdgeError;

/// How an [`EdgeStore`] behaves.
#[derive(Debug, Clone)]
pub struct EdgeOptions {
    /// The longest wait for a connection.
    pub connect_timeout: Duration,
    /// The longest wait for the next byte, the answer's first one included.
    pub stall_timeout: Duration,
    /// The slowest body that is still read on.
    pub lowest_rate: LowestRate,
    /// `User-Agent` of every request.
    pub user_agent: String,
    /// The way out.
    pub network: Arc<Network>,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(10),
            lowest_rate: LowestRate::default(),
            user_agent: concat!("naru/", env!("CARGO_PKG_VERSION")).to_owned(),
            network: Arc::default(),
        }
    }
}

/// A body that brings fewer than `bytes` in `waiting` is left (slow-retrieval attack): one byte now
/// and then would satisfy any stall timeout for ever.
///
/// Only time spent waiting for the edge counts, so a reader that is slow by choice loses nothing.
#[derive(Debug, Clone, Copy)]
pub struct LowestRate {
    /// Bytes that must have come.
    pub bytes: u64,
    /// In how much time of waiting.
    pub waiting: Duration,
}

impl Default for LowestRate {
    /// 20 KiB in 20 s.
    fn default() -> Self {
        Self { bytes: 20 * 1024, waiting: Duration::from_secs(20) }
    }
}

/// Reads `<base>/<key>?versionId=<version>` with byte ranges over a pool of HTTP/1.1 connections.
///
/// HTTP/1.1 on purpose: parallel ranges over one HTTP/2 connection share one congestion window, and
/// one lost packet stalls all of them.
#[derive(Debug, Clone)]
pub struct EdgeStore {
    client: Client,
    base: Url,
    lowest_rate: LowestRate,
}

impl EdgeStore {
    /// An edge below `base_url` (`https://cdn.example.com` or with a path).
    pub fn new(base_url: &str, options: EdgeOptions) -> Result<Self, EdgeError> {
        let base = client::parse_base(base_url)?;
        Ok(Self { client: client::build(&base, &options)?, base, lowest_rate: options.lowest_rate })
    }

    fn url(&self, object: &ObjectRef) -> Result<Url, StoreError> {
        let path = format!("{}{}", self.base.path(), encode_key(&object.key));
        let mut url = self.base.clone();
        url.set_path(&path);
        // A URL parser resolves `.` and `..`; such a key would silently name another object.
        if url.path() != path {
            let detail = "the key can't be written as a URL";
            return Err(StoreError::new("get", &object.key, FailureKind::Fatal, detail));
        }
        let query = object.version.as_deref().map(|version| format!("versionId={}", encode_value(version)));
        url.set_query(query.as_deref());
        Ok(url)
    }

    async fn send(
        &self,
        method: Method,
        object: &ObjectRef,
        range: Option<&Range<u64>>,
    ) -> Result<Response, StoreError> {
        let operation = if method == Method::HEAD { "stat" } else { "get" };
        let here = |failure: StoreError| failure.in_store(self.base.as_str());
        let url = self.url(object).map_err(here)?;
        // Without this a cache may compress, and then ranges count other bytes than ours.
        let mut request = self.client.request(method, url).header(header::ACCEPT_ENCODING, "identity");
        if let Some(range) = range {
            request = request.header(header::RANGE, format!("bytes={}-{}", range.start, range.end - 1));
        }
        let answer = request.send().await;
        let response = answer.map_err(|error| here(failure::of_transport(operation, &object.key, error)))?;
        failure::refuse_status(operation, &object.key, &response).map_err(here)?;
        Ok(response)
    }
}

#[async_trait]
impl ReadStore for EdgeStore {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        refuse_empty(object, range.as_ref())?;
        let response = self.send(Method::GET, object, range.as_ref()).await?;
        let answer = answer::check(object, range.as_ref(), response.status().as_u16(), response.headers())?;
        let pieces = pieces::EdgePieces::new(response, object.key.clone(), self.lowest_rate);
        Ok(Body {
            length: answer.length,
            object_length: answer.object_length,
            etag: answer.etag,
            version: answer.version,
            stream: announced(pieces, object.key.clone(), answer.length),
        })
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        match self.send(Method::HEAD, object, None).await {
            Ok(response) => answer::stored(object, response.status().as_u16(), response.headers()).map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn name(&self) -> &str {
        self.base.as_str()
    }
}
