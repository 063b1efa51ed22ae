//! A stand-in for Kakao's login: the page that a player sees, tokens, and the profile.
//!
//! Any nickname logs in. Everything that an app sees is as with Kakao:
//! registered redirect addresses, codes that are good once, S256, ID tokens, error bodies.
//!
//! Source: <https://developers.kakao.com/docs/latest/en/kakaologin/rest-api>

mod accounts;
mod answer;
mod authorize;
mod codes;
mod fault;
mod page;
mod profile;
mod token;
mod tokens;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode};
use serde_json::json;

use crate::config::KakaoApp;
use crate::keys::SigningKey;
use crate::storage::Storage;

use codes::Codes;

/// The largest form. Kakao's own are a few hundred bytes.
const MOST_BYTES: usize = 16 << 10;

/// Both of Kakao's hosts, `kauth` and `kapi`, on one listener.
pub(crate) struct Kakao {
    pub(crate) storage: Arc<Storage>,
    pub(crate) key: SigningKey,
    /// Where it is, without a slash at the end. It is the issuer of the ID tokens too.
    pub(crate) url: String,
    pub(crate) apps: Vec<KakaoApp>,
    codes: Codes,
}

/// The listener as a service that hyper can serve.
#[derive(Clone)]
pub(crate) struct KakaoService(pub(crate) Arc<Kakao>);

type Answer = Response<Full<Bytes>>;

impl hyper::service::Service<Request<Incoming>> for KakaoService {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let kakao = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            Ok(match Limited::new(body, MOST_BYTES).collect().await {
                Ok(body) => kakao.route(&parts, &body.to_bytes()),
                Err(_) => answer::empty(StatusCode::PAYLOAD_TOO_LARGE),
            })
        })
    }
}

impl Kakao {
    pub(crate) fn new(storage: Arc<Storage>, key: SigningKey, url: String, apps: Vec<KakaoApp>) -> Kakao {
        Kakao { storage, key, url, apps, codes: Codes::default() }
    }

    fn route(&self, request: &Parts, body: &[u8]) -> Answer {
        match (&request.method, request.uri.path()) {
            (&Method::GET, "/oauth/authorize") => self.show_page(request),
            (&Method::POST, "/oauth/authorize") => self.decide(request, body),
            (&Method::POST, "/oauth/token") => self.exchange(body),
            (&Method::GET, "/v1/user/access_token_info") => self.access_token_info(request),
            (&Method::GET | &Method::POST, "/v2/user/me") => self.me(request),
            (&Method::POST, "/v1/user/unlink") => self.unlink(request),
            (&Method::GET | &Method::POST, "/v1/oidc/userinfo") => self.userinfo(request),
            (&Method::GET, "/.well-known/openid-configuration") => self.discovery(),
            (&Method::GET, "/.well-known/jwks.json") => self.keys(),
            _ => answer::empty(StatusCode::NOT_FOUND),
        }
    }

    fn keys(&self) -> Answer {
        match self.key.jwks() {
            Ok(keys) => answer::json(StatusCode::OK, &keys),
            Err(_) => answer::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    fn discovery(&self) -> Answer {
        let at = |path: &str| format!("{}{path}", self.url);
        let document = json!({
            "issuer": self.url,
            "authorization_endpoint": at("/oauth/authorize"),
            "token_endpoint": at("/oauth/token"),
            "userinfo_endpoint": at("/v1/oidc/userinfo"),
            "jwks_uri": at("/.well-known/jwks.json"),
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported":
                ["iss", "aud", "sub", "auth_time", "exp", "iat", "nonce", "nickname"],
        });
        answer::json(StatusCode::OK, &document)
    }

    fn app(&self, rest_api_key: &str) -> Option<&KakaoApp> {
        self.apps.iter().find(|app| app.rest_api_key == rest_api_key)
    }
}
