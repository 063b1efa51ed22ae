//! The listener of the CloudFront and Cognito APIs: paths of the one, targets of the other.

mod aws_json;
mod cloudfront;
mod identity;
mod token;
mod user_pool;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Request, Response, StatusCode};

use crate::tally::Tally;

pub(crate) use cloudfront::CloudFront;
pub(crate) use identity::IdentityPool;
pub(crate) use user_pool::UserPool;

/// Where Cognito publishes the keys of its tokens.
const IDENTITY_KEYS: &str = "/.well-known/jwks_uri";

/// The largest request body. An invalidation of 3,000 long paths is below it.
const MOST_BYTES: usize = 4 << 20;

/// The listener as a service that hyper can serve.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) cloudfront: Arc<CloudFront>,
    pub(crate) identity: Arc<IdentityPool>,
    pub(crate) user_pool: Arc<UserPool>,
    pub(crate) tally: Arc<Tally>,
}

impl hyper::service::Service<Request<Incoming>> for Control {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let control = self.clone();
        Box::pin(async move { Ok(control.answer(request).await) })
    }
}

impl Control {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        self.tally.control_requests.add(1);
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MOST_BYTES).collect().await else {
            return plain(StatusCode::PAYLOAD_TOO_LARGE);
        };
        self.route(&parts, body.to_bytes()).await
    }

    async fn route(&self, request: &Parts, body: Bytes) -> Response<Full<Bytes>> {
        let target = request.headers.get("x-amz-target");
        match target.and_then(|target| target.to_str().ok()) {
            Some(target) if target.starts_with(user_pool::TARGET) => {
                self.user_pool.answer(target, body).await
            }
            Some(target) => self.identity.answer(target, request, &body),
            None => self.page(request, &body),
        }
    }

    fn page(&self, request: &Parts, body: &[u8]) -> Response<Full<Bytes>> {
        match request.uri.path() {
            path if path.starts_with(cloudfront::API) => self.cloudfront.answer(request, body),
            IDENTITY_KEYS => self.identity.keys(),
            user_pool::INBOX => self.user_pool.inbox(),
            path if path == self.user_pool.keys_path() => self.user_pool.keys(),
            _ => plain(StatusCode::NOT_FOUND),
        }
    }
}

fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
