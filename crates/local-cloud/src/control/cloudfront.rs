//! The part of the CloudFront API that a publisher calls.
//!
//! Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html>

mod answers;
mod invalidations;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::http::request::Parts;
use hyper::{Method, Response, StatusCode};

use crate::edge::cache::Cache;
use crate::principals::{Principals, Role};
use crate::sigv4::{self, AuthError, Scope};
use crate::storage::Storage;
use answers::Fault;
use invalidations::{Batch, Invalidation};

/// What all paths of the API begin with.
pub(super) const API: &str = "/2020-05-31/";

/// CloudFront is signed for this region, wherever the bucket is.
const SCOPE: Scope = Scope { service: "cloudfront", region: "us-east-1" };

/// The one distribution.
pub(crate) struct CloudFront {
    storage: Arc<Storage>,
    principals: Principals,
    cache: Arc<Cache>,
    /// The distribution's id.
    id: String,
    edge_host: String,
    invalidation_time: Duration,
    /// Invalidations that are not done yet. After a restart all are: the cache began empty.
    running: Arc<Mutex<HashSet<String>>>,
}

impl CloudFront {
    pub(crate) fn new(
        storage: &Arc<Storage>,
        principals: &Principals,
        cache: &Arc<Cache>,
        (id, edge_host): (String, String),
        invalidation_time: Duration,
    ) -> CloudFront {
        CloudFront {
            storage: Arc::clone(storage),
            principals: principals.clone(),
            cache: Arc::clone(cache),
            id,
            edge_host,
            invalidation_time,
            running: Arc::default(),
        }
    }

    /// Answers one request.
    pub(super) fn answer(&self, request: &Parts, body: &[u8]) -> Response<Full<Bytes>> {
        self.route(request, body).unwrap_or_else(answers::fault)
    }

    fn route(&self, request: &Parts, body: &[u8]) -> Result<Response<Full<Bytes>>, Fault> {
        match sigv4::verify(&self.principals, SCOPE, request, body).map_err(auth_fault)? {
            Role::Publisher => {}
            Role::Player => return Err(Fault::denied()),
        }
        let path = request.uri.path().strip_prefix(API).unwrap_or_default();
        let path: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        match (&request.method, path.as_slice()) {
            (&Method::GET, ["distribution"]) => Ok(answers::distributions(&self.id, &self.edge_host)),
            (&Method::GET, ["distribution", id]) => {
                self.require(id)?;
                let running = self.lock().len();
                Ok(answers::distribution(&self.id, &self.edge_host, running))
            }
            (&Method::POST, ["distribution", id, "invalidation"]) => {
                self.require(id)?;
                self.create(body)
            }
            (&Method::GET, ["distribution", id, "invalidation", invalidation]) => {
                self.require(id)?;
                self.get(invalidation)
            }
            _ => Err(Fault::not_implemented()),
        }
    }

    fn require(&self, distribution: &str) -> Result<(), Fault> {
        match distribution == self.id {
            true => Ok(()),
            false => Err(Fault::no_such_distribution()),
        }
    }

    fn create(&self, body: &[u8]) -> Result<Response<Full<Bytes>>, Fault> {
        let batch = Batch::read(body)?;
        let (invalidation, new) = self.storage.index.create_invalidation(&batch)?;
        if !new && !invalidation.batch.same(&batch) {
            return Err(Fault::other_batch_with_this_reference());
        }
        if new {
            self.begin(&invalidation);
        }
        let location = format!("{API}distribution/{}/invalidation/{}", self.id, invalidation.id);
        let mut response = self.describe(&invalidation);
        *response.status_mut() = StatusCode::CREATED;
        answers::with_location(response, &location)
    }

    fn get(&self, id: &str) -> Result<Response<Full<Bytes>>, Fault> {
        let found = self.storage.index.invalidation(id)?;
        let invalidation = found.ok_or_else(Fault::no_such_invalidation)?;
        Ok(self.describe(&invalidation))
    }

    fn describe(&self, invalidation: &Invalidation) -> Response<Full<Bytes>> {
        let running = self.lock().contains(&invalidation.id);
        answers::invalidation(invalidation, running)
    }

    /// The edge serves what it has until the time is over; then the paths are dropped, and only
    /// then does the status say so.
    fn begin(&self, invalidation: &Invalidation) {
        self.lock().insert(invalidation.id.clone());
        let (running, cache) = (Arc::clone(&self.running), Arc::clone(&self.cache));
        let (id, paths) = (invalidation.id.clone(), invalidation.batch.paths.clone());
        let time = self.invalidation_time;
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            cache.invalidate(&paths);
            running.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn auth_fault(error: AuthError) -> Fault {
    let code = match error {
        AuthError::Anonymous => "MissingAuthenticationToken",
        AuthError::Incomplete(_) => "IncompleteSignature",
        AuthError::UnknownKey => "InvalidClientTokenId",
        AuthError::WrongSignature | AuthError::Skewed => "SignatureDoesNotMatch",
        AuthError::Expired => "ExpiredToken",
        AuthError::Storage(error) => return error.into(),
    };
    Fault::forbidden(code, error.to_string())
}
