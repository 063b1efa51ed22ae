//! Running services, and a player's view of them.

use naru_protocol::{InputSpan, IssuedRun, Problem, ProblemCode, ScoreReceipt, ScoreSubmission};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::tokens::Tokens;
use crate::host::Host;

/// Services that run on this program's host.
pub struct Service {
    /// What they run on.
    pub host: Host,
    /// Who vouches for players.
    pub tokens: Tokens,
    client: reqwest::Client,
}

/// What an operator may set, and what may be wrong around the services.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Whether the shapes of 2017 are switched on.
    pub shapes_2017: bool,
    /// Whether Cognito's keys can be had.
    pub has_keys: bool,
    /// Whether a player may send as many requests as production lets one send. A host whose limits are
    /// fixed forgets them instead whenever time passes.
    pub rate_limits: bool,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting { shapes_2017: false, has_keys: true, rate_limits: true }
    }
}

impl Service {
    /// Nothing where this host is not there on this machine, which it has said then.
    pub async fn start() -> Option<Service> {
        Service::start_with(Setting::default()).await
    }

    pub async fn start_with(setting: Setting) -> Option<Service> {
        let tokens = Tokens::start(setting.has_keys).await;
        let host = Host::start(setting, &tokens.url).await?;
        Some(Service { host, tokens, client: reqwest::Client::new() })
    }

    /// A request of a player; without a number, one without a login.
    pub fn request(&self, method: Method, path: &str, player: impl Into<Option<u32>>) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.host.url));
        match player.into() {
            Some(number) => request.bearer_auth(self.tokens.of(number)),
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
    pub async fn play(&self, recording: &[InputSpan]) {
        let frames: i64 = recording.iter().map(|span| i64::from(span.frames)).sum();
        self.host.advance(frames * 75).await;
    }
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
    let kind = response.headers().get("content-type").cloned();
    let text = response.text().await.unwrap();
    assert_eq!(kind.unwrap(), "application/problem+json", "{status} {text}");
    let problem: Problem = serde_json::from_str(&text).unwrap();
    assert_eq!(problem.status, status.as_u16());
    assert_eq!(problem.kind, format!("urn:naru:problem:{}", problem.code.as_str()));
    assert!(!problem.title.is_empty() && !problem.detail.is_empty());
    problem
}

pub async fn code(request: RequestBuilder) -> ProblemCode {
    problem(request.send().await.unwrap()).await.code
}
