//! Running services, and a player's view of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use aws_sdk_cognitoidentity::config::{BehaviorVersion, Region};
use jiff::Timestamp;
use naru_backend::adapters::{Database, EngineLimits, QuickJs};
use naru_backend::domain::accounts::Providers;
use naru_backend::domain::{PlayerId, ServiceLimits};
use naru_backend::ports::{Clock, TokenError, TokenVerifier};
use naru_backend::{Login, LoginPlaces, SAMPLE_GAME, Services, flows, http};
use naru_protocol::{InputSpan, IssuedRun, Problem, ProblemCode, ScoreReceipt, ScoreSubmission};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

pub struct Server {
    pub url: String,
    pub services: Services,
    pub clock: Arc<HandClock>,
    client: reqwest::Client,
    _folder: TempDir,
}

/// A clock that a test moves.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// `player-7` is a valid token of player 7.
struct TestTokens;

#[async_trait]
impl TokenVerifier for TestTokens {
    async fn verify(&self, bearer: &str) -> Result<PlayerId, TokenError> {
        match bearer {
            "expired" => Err(TokenError::Expired),
            "later" => Err(TokenError::Unavailable("no keys".to_owned())),
            _ if bearer.starts_with("player-") => Ok(PlayerId::parse(bearer).unwrap()),
            _ => Err(TokenError::Refused("unknown".to_owned())),
        }
    }
}

impl Server {
    pub async fn start() -> Server {
        Server::start_with(ServiceLimits::default(), http::Options::default()).await
    }

    /// For tests that send more than a player may.
    pub async fn without_rate_limits() -> Server {
        let limits = ServiceLimits {
            runs_per_minute: u32::MAX,
            scores_per_minute: u32::MAX,
            dataset_changes_per_minute: u32::MAX,
        };
        Server::start_with(limits, http::Options::default()).await
    }

    pub async fn start_with(limits: ServiceLimits, options: http::Options) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(&folder.path().join("services.db")).unwrap();
        let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default()).unwrap();
        let clock = Arc::new(HandClock(AtomicI64::new(1_700_000_000_000)));
        let mut services = Services::on_sqlite(&database, Arc::new(game), Arc::new(TestTokens));
        (services.clock, services.limits) = (clock.clone(), limits);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let options = http::Options { on_fault: |fault| println!("fault: {fault}"), ..options };
        let router = http::router(services.clone(), nobodys_login().accounts, options);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Server { url, services, clock, client: reqwest::Client::new(), _folder: folder }
    }

    /// A request of a player; of nobody without a number.
    pub fn request(&self, method: Method, path: &str, player: impl Into<Option<u32>>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match player.into() {
            Some(number) => request.bearer_auth(format!("player-{number}")),
            None => request,
        }
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, player: impl Into<Option<u32>>) -> T {
        answer(self.request(Method::GET, path, player).send().await.unwrap(), StatusCode::OK).await
    }

    pub async fn run(&self, player: u32) -> IssuedRun {
        let response = self.request(Method::POST, "/runs", player).send().await.unwrap();
        answer(response, StatusCode::CREATED).await
    }

    pub async fn submit(
        &self,
        player: u32,
        submission: &ScoreSubmission,
    ) -> Result<ScoreReceipt, Box<Problem>> {
        let request = self.request(Method::POST, "/scores", player).json(submission);
        let response = request.send().await.unwrap();
        match response.status() {
            StatusCode::OK => Ok(response.json().await.unwrap()),
            _ => Err(Box::new(problem(response).await)),
        }
    }

    /// Lets the time of a recording pass.
    pub fn play(&self, recording: &[InputSpan]) {
        let frames: i64 = recording.iter().map(|span| i64::from(span.frames)).sum();
        self.clock.advance(frames * 75);
    }

    pub async fn feed(&self) {
        flows::feed_statistics(&*self.services.stream, &*self.services.statistics).await.unwrap();
    }
}

/// A login without providers: these tests have tokens of their own, and `tests/accounts` logs in.
fn nobodys_login() -> Login {
    let nowhere = "http://127.0.0.1:1";
    let cognito = aws_sdk_cognitoidentity::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("ap-northeast-2"))
        .endpoint_url(nowhere);
    let places = LoginPlaces {
        providers: Providers::default(),
        cognito: aws_sdk_cognitoidentity::Client::from_conf(cognito.build()),
        cognito_url: nowhere.parse().unwrap(),
        identity_pool: "ap-northeast-2:none".to_owned(),
        developer_provider: "none".to_owned(),
    };
    Login::open(places).unwrap()
}

pub fn submission(run: &IssuedRun, recording: &[InputSpan]) -> ScoreSubmission {
    ScoreSubmission {
        run_id: run.run_id.clone(),
        rules_version: run.rules_version,
        recording: recording.to_vec(),
    }
}

pub async fn answer<T: DeserializeOwned>(response: Response, status: StatusCode) -> T {
    let (was, text) = (response.status(), response.text().await.unwrap());
    assert_eq!(was, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A refusal, which must be a whole problem of RFC 9457.
pub async fn problem(response: Response) -> Problem {
    let status = response.status();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Problem = response.json().await.unwrap();
    assert_eq!(problem.status, status.as_u16());
    assert_eq!(problem.kind, format!("urn:naru:problem:{}", problem.code.as_str()));
    assert!(!problem.title.is_empty() && !problem.detail.is_empty());
    problem
}

pub async fn code(request: RequestBuilder) -> ProblemCode {
    problem(request.send().await.unwrap()).await.code
}
