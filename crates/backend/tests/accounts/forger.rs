//! A provider that says whatever a test wants.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use aws_lc_rs::{encoding::AsDer, encoding::PublicKeyX509Der, hmac};
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use naru_backend::accounts::{
    Accounts, App, IdentityError, KakaoHosts, LoginError, PlayerIdentities, PlayerToken, Provider,
    ProviderHttp, Providers,
};
use naru_backend::platform::{BoundedHttp, KeySets, SystemClock};
use naru_protocol::login::{LoginAnswer, LoginRequest, RefreshRequest};
use naru_protocol::{AuthorizationCode, CodeVerifier, Nonce, OpenIdToken, RefreshToken};
use serde_json::{Value, json};

pub const APP: u64 = 7;

const HOUR: Duration = Duration::from_secs(3600);

pub static OURS: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());
pub static FOREIGN: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).unwrap());

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    Ours,
    Foreign,
    Nobody,
    /// HMAC, with the public key as the secret.
    PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    Well,
    Slow,
    Trickles,
    Garbage,
    Oversized,
    Fails,
    Redirects,
}

/// What the provider says. By default the truth.
#[derive(Clone)]
pub struct Script {
    pub header: Value,
    pub claims: Value,
    pub signer: Signer,
    pub has_id_token: bool,
    pub token_app: u64,
    pub token_user: u64,
    pub profile_user: u64,
    /// Of the token endpoint, and of the keys.
    pub health: [Health; 2],
    pub key_name: &'static str,
    /// What the token endpoint answers instead, with 400.
    pub refusal: Option<Value>,
}

pub struct Forger {
    pub url: String,
    pub script: Arc<Mutex<Script>>,
    pub key_requests: Arc<AtomicUsize>,
    /// How often the token endpoint was asked.
    pub token_requests: Arc<AtomicUsize>,
    /// The tokens that the token endpoint gave away.
    pub given: Given,
    pub accounts: Accounts,
}

type Given = Arc<Mutex<Vec<String>>>;
type Shared = (Arc<Mutex<Script>>, Arc<AtomicUsize>, Given, Arc<AtomicUsize>);

/// A pool in which everybody is his own identity.
pub struct AnyIdentity;

#[async_trait]
impl PlayerIdentities for AnyIdentity {
    async fn token_for(&self, user: &str) -> Result<PlayerToken, IdentityError> {
        Ok(PlayerToken { identity_id: user.to_owned(), token: OpenIdToken::new("token") })
    }
}

pub async fn start() -> Forger {
    start_with_pause(Duration::ZERO).await
}

/// `pause`: between two questions for keys.
pub async fn start_with_pause(pause: Duration) -> Forger {
    start_with_times(HOUR, pause).await
}

/// `fresh`: how long keys are believed without asking again.
pub async fn start_with_times(fresh: Duration, pause: Duration) -> Forger {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let shared: Shared = (Arc::new(Mutex::new(truth(&url))), Arc::default(), Arc::default(), Arc::default());
    let router = Router::new()
        .route("/oauth/token", post(token))
        .route("/.well-known/jwks.json", get(keys))
        .route("/v1/user/access_token_info", get(token_info))
        .route("/v2/user/me", get(me))
        .with_state(shared.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let accounts = with_times(kakao(&url), fresh, pause);
    let (script, key_requests, given, token_requests) = shared;
    Forger { url, script, key_requests, token_requests, given, accounts }
}

pub fn accounts(url: &str, pause: Duration) -> Accounts {
    accounts_at(kakao(url), pause)
}

fn kakao(url: &str) -> Provider {
    let hosts = KakaoHosts { auth: url.to_owned(), api: url.to_owned() };
    let app = App { client_id: "app".to_owned(), client_secret: None };
    Provider::kakao(app, APP, &hosts).unwrap()
}

/// The accounts service with one provider.
pub fn accounts_at(row: Provider, pause: Duration) -> Accounts {
    with_times(row, HOUR, pause)
}

fn with_times(row: Provider, fresh: Duration, pause: Duration) -> Accounts {
    let http = BoundedHttp::with_patience(Duration::from_secs(2)).unwrap();
    let keys = KeySets::with_times(http.clone(), fresh, pause);
    let providers = ProviderHttp::new(http, keys);
    Accounts::new(Providers::new([row]), providers, Arc::new(AnyIdentity), Arc::new(SystemClock))
}

pub fn request() -> LoginRequest {
    LoginRequest {
        code: AuthorizationCode::new("code"),
        code_verifier: CodeVerifier::from_random([1; 32]),
        redirect_uri: "http://127.0.0.1:9720/login/kakao".to_owned(),
        nonce: Nonce::new("nonce"),
    }
}

impl Forger {
    pub async fn login(&self) -> Result<LoginAnswer, LoginError> {
        self.accounts.login("kakao", &request()).await
    }

    pub async fn refresh(&self) -> Result<LoginAnswer, LoginError> {
        let request =
            RefreshRequest { refresh_token: RefreshToken::new("canary-refresh"), id: "1".to_owned() };
        self.accounts.refresh("kakao", &request).await
    }

    /// One login at a provider that says something else.
    pub async fn login_with(&self, change: impl FnOnce(&mut Script)) -> Result<LoginAnswer, LoginError> {
        self.during(change, self.login()).await
    }

    /// One refresh at a provider that says something else.
    pub async fn refresh_with(&self, change: impl FnOnce(&mut Script)) -> Result<LoginAnswer, LoginError> {
        self.during(change, self.refresh()).await
    }

    async fn during<T>(&self, change: impl FnOnce(&mut Script), asked: impl Future<Output = T>) -> T {
        let before = self.script.lock().unwrap().clone();
        change(&mut self.script.lock().unwrap());
        let result = asked.await;
        *self.script.lock().unwrap() = before;
        result
    }

    pub fn key_requests(&self) -> usize {
        self.key_requests.load(Ordering::SeqCst)
    }
}

pub fn now() -> i64 {
    Timestamp::now().as_second()
}

fn truth(url: &str) -> Script {
    Script {
        header: json!({"alg": "RS256", "kid": "key", "typ": "JWT"}),
        claims: json!({"iss": url, "aud": "app", "sub": "1", "iat": now(), "exp": now() + 3600, "nonce": "nonce"}),
        signer: Signer::Ours,
        has_id_token: true,
        token_app: APP,
        token_user: 1,
        profile_user: 1,
        health: [Health::Well; 2],
        key_name: "key",
        refusal: None,
    }
}

async fn token(State((script, _, given, requests)): State<Shared>) -> Response {
    requests.fetch_add(1, Ordering::SeqCst);
    let script = script.lock().unwrap().clone();
    if let Some(refusal) = script.refusal {
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    }
    let mut answer = json!({"token_type": "bearer", "access_token": "canary-access"});
    answer["refresh_token"] = "canary-next-refresh".into();
    if script.has_id_token {
        answer["id_token"] = sign(&script).into();
    }
    let tokens = [&answer["access_token"], &answer["id_token"]];
    given.lock().unwrap().extend(tokens.into_iter().filter_map(Value::as_str).map(str::to_owned));
    respond(script.health[0], answer).await
}

async fn keys(State((script, requests, ..)): State<Shared>) -> Response {
    requests.fetch_add(1, Ordering::SeqCst);
    let script = script.lock().unwrap().clone();
    let key = OURS.public_key();
    let key = json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": script.key_name,
        "n": URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero()),
        "e": URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero()),
    });
    respond(script.health[1], json!({"keys": [key]})).await
}

async fn token_info(State((script, ..)): State<Shared>) -> Json<Value> {
    let script = script.lock().unwrap().clone();
    Json(json!({"id": script.token_user, "app_id": script.token_app, "expires_in": 100}))
}

async fn me(State((script, ..)): State<Shared>) -> Json<Value> {
    let id = script.lock().unwrap().profile_user;
    Json(json!({"id": id, "properties": {"nickname": "one"}}))
}

async fn respond(health: Health, answer: Value) -> Response {
    match health {
        Health::Well => Json(answer).into_response(),
        Health::Slow => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            Json(answer).into_response()
        }
        Health::Trickles => {
            let drops = futures::stream::unfold((), |()| async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Some((Ok::<_, std::io::Error>(" "), ()))
            });
            Body::from_stream(drops).into_response()
        }
        Health::Garbage => "<html>canary-access</html>".into_response(),
        Health::Oversized => {
            let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 8192]));
            Body::from_stream(endless).into_response()
        }
        Health::Fails => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Health::Redirects => (StatusCode::FOUND, [("location", "http://127.0.0.1:1/")]).into_response(),
    }
}

fn sign(script: &Script) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&script.header), part(&script.claims));
    let signature = match script.signer {
        Signer::Nobody => Vec::new(),
        Signer::Ours => rsa(&OURS, &signed),
        Signer::Foreign => rsa(&FOREIGN, &signed),
        Signer::PublicKey => {
            let public: PublicKeyX509Der = OURS.public_key().as_der().unwrap();
            let key = hmac::Key::new(hmac::HMAC_SHA256, public.as_ref());
            hmac::sign(&key, signed.as_bytes()).as_ref().to_vec()
        }
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn rsa(key: &KeyPair, signed: &str) -> Vec<u8> {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    signature
}
