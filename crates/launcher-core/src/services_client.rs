//! A small HTTP client: bounded answers, one host, no redirects.

use std::time::Duration;

use naru_operations::chain;
use naru_protocol::{OpenIdToken, Problem as Refusal, ProblemCode as RefusalCode};
use naru_store::{ClientError, Network, wrong_clock};
pub(crate) use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::view::{ErrorCode, Problem, ProblemCode};

/// Longer answers are none: the services' own limit for a request, and the largest page of the board
/// is far below it.
const MOST_BYTES: usize = 2 << 20;

const CONNECT: Duration = Duration::from_secs(10);
/// Replaying a long run takes the services some seconds.
const WHOLE: Duration = Duration::from_secs(30);

/// One server below one address.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    client: Client,
    base: String,
}

/// What is sent.
#[derive(Debug, Default)]
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) path_and_query: &'a str,
    pub(crate) token: Option<&'a OpenIdToken>,
    /// With its media type.
    pub(crate) body: Option<(&'a str, Vec<u8>)>,
}

/// What came back, whatever the status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) media_type: Option<String>,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// A client that goes out as the environment says.
pub(crate) fn client_for(url: &Url, network: &Network) -> Result<ClientBuilder, ClientError> {
    let builder = network.client_for(url)?;
    Ok(builder.connect_timeout(CONNECT).user_agent(concat!("naru/", env!("CARGO_PKG_VERSION"))))
}

impl Services {
    pub(crate) fn open(url: &Url, network: &Network) -> Result<Self, Problem> {
        let unusable = |error: ClientError| Problem::new(ErrorCode::Config, chain(&error));
        let builder = client_for(url, network).map_err(unusable)?;
        // A redirect could lead the token to another host.
        let builder = builder.timeout(WHOLE).redirect(Policy::none());
        let client = builder.build().map_err(|error| unusable(error.into()))?;
        Ok(Self { client, base: url.to_string() })
    }

    /// Reads a JSON document.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        path_and_query: &str,
        token: Option<&OpenIdToken>,
    ) -> Result<T, Problem> {
        let request = Request { path_and_query, token, ..Request::default() };
        self.send(request).await?.json()
    }

    /// Posts a JSON document, and reads one.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Problem> {
        self.change(Method::POST, path, None, body).await?.json()
    }

    /// Sends a JSON document.
    pub(crate) async fn change(
        &self,
        method: Method,
        path_and_query: &str,
        token: Option<&OpenIdToken>,
        body: &impl Serialize,
    ) -> Result<Answer, Problem> {
        let body = serde_json::to_vec(body).map_err(|error| Problem::new(ErrorCode::Internal, error))?;
        self.send(Request { method, path_and_query, token, body: Some(("application/json", body)) }).await
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<'_>) -> Result<Answer, Problem> {
        let url = match request.path_and_query {
            "" => self.base.clone(),
            path_and_query => format!("{}{path_and_query}", self.base.trim_end_matches('/')),
        };
        let mut sent = self.client.request(request.method, url).header(ACCEPT, "application/json");
        if let Some(token) = request.token {
            sent = sent.header(AUTHORIZATION, bearer(token)?);
        }
        if let Some((media_type, body)) = request.body {
            sent = sent.header(CONTENT_TYPE, media_type).body(body);
        }
        let response = sent.send().await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let media_type = text_of(response.headers(), CONTENT_TYPE.as_str());
        let retry_after = text_of(response.headers(), RETRY_AFTER.as_str());
        Ok(Answer { status, media_type, retry_after, body: read_bounded(response).await? })
    }
}

impl Answer {
    /// The document, or what the refusal means for a person.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        self.accepted()?;
        serde_json::from_slice(&self.body).map_err(|error| Problem::new(ErrorCode::BadFormat, error))
    }

    /// What the refusal means for a person, if it is one.
    pub(crate) fn accepted(&self) -> Result<(), Problem> {
        if (200..300).contains(&self.status) { Ok(()) } else { Err(self.refusal()) }
    }

    /// What a program tells refusals apart by.
    pub(crate) fn refusal_code(&self) -> Option<RefusalCode> {
        if (200..300).contains(&self.status) {
            return None;
        }
        serde_json::from_slice::<Refusal>(&self.body).ok().map(|refusal| refusal.code)
    }

    pub(crate) fn refusal(&self) -> Problem {
        match serde_json::from_slice::<Refusal>(&self.body) {
            Ok(refusal) => {
                Problem::new(meaning(refusal.code), format!("{}: {}", refusal.title, refusal.detail))
            }
            Err(_) if self.status == 429 => Problem::new(ProblemCode::RateLimited, "HTTP 429"),
            Err(_) if self.status >= 500 => {
                Problem::new(ErrorCode::Unreachable, format!("HTTP {}", self.status))
            }
            Err(_) => Problem::new(ErrorCode::BadFormat, format!("HTTP {}", self.status)),
        }
    }
}

/// What a refusal of the services means for the player.
fn meaning(code: RefusalCode) -> ProblemCode {
    use RefusalCode::*;
    match code {
        NotLoggedIn => ProblemCode::NotLoggedIn,
        RateLimited => ProblemCode::RateLimited,
        NicknameRefused => ProblemCode::NameRefused,
        UnknownProvider | CodeRefused | IdTokenRefused | TokenRefused | RefreshRefused | WrongApp
        | WrongPlayer | AppRefused | NoIdToken | NoIdentity => ProblemCode::LoginRefused,
        ProviderDown | ProviderSlow | Busy | Internal => ProblemCode::Failure(ErrorCode::Unreachable),
        NotFound | MethodNotAllowed => ProblemCode::Failure(ErrorCode::NotFound),
        _ => ProblemCode::Failure(ErrorCode::BadFormat),
    }
}

fn bearer(token: &OpenIdToken) -> Result<HeaderValue, Problem> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
    let mut value = value.map_err(|_| Problem::new(ProblemCode::NotLoggedIn, "the token is damaged"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// A server without an end would fill the memory.
async fn read_bounded(mut response: Response) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MOST_BYTES {
            let detail = format!("the answer has more than {MOST_BYTES} bytes");
            return Err(Problem::new(ErrorCode::BadFormat, detail));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(error: reqwest::Error) -> Problem {
    match wrong_clock(&error) {
        Some(words) => Problem::new(ProblemCode::WrongClock, words),
        None => Problem::new(ErrorCode::Unreachable, chain(&error)),
    }
}
