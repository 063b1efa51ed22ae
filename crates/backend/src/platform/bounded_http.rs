//! Requests to providers: none waits long, none reads much, none follows a redirect.

use std::time::Duration;

use futures::StreamExt;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

/// The largest answer. Real ones, key sets among them, have a few thousand bytes.
const MOST_BYTES: usize = 64 << 10;

/// A connection and a whole exchange, by default.
const CONNECT: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(10);

/// A client for hosts that may be slow, broken or hostile.
#[derive(Debug, Clone)]
pub struct BoundedHttp(Client);

/// An answer, read.
pub(crate) struct Answer {
    status: u16,
    host: String,
    body: Vec<u8>,
}

/// What a provider said when it refused, cut to its codes: descriptions may repeat what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("HTTP {status}, {error:?}, {code:?}")]
pub struct ProviderRefusal {
    /// The HTTP status.
    pub status: u16,
    /// OAuth's code, as `invalid_grant`.
    pub error: String,
    /// The provider's own code, as `KOE320` or `-401`.
    pub code: String,
}

/// Why there is no answer of a provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It can't be reached, or broke off.
    #[error("{host} can't be reached")]
    Down {
        /// Where it should be.
        host: String,
    },
    /// It took too long.
    #[error("{host} took too long")]
    Slow {
        /// Where it is.
        host: String,
    },
    /// It sends more than any real answer has.
    #[error("{host} sent more than {limit} bytes")]
    TooLarge {
        /// Where it is.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// It sends something else than was asked for.
    #[error("{host} sent no {wanted}")]
    Garbage {
        /// Where it is.
        host: String,
        /// What was asked for.
        wanted: &'static str,
    },
    /// An error of the remote server.
    #[error("{host} answered with HTTP {status}")]
    Status {
        /// Where it is.
        host: String,
        /// Its answer.
        status: u16,
    },
}

impl BoundedHttp {
    /// Makes a client that waits 10 seconds for an answer.
    pub fn new() -> Result<BoundedHttp, reqwest::Error> {
        Self::with_patience(PATIENCE)
    }

    /// Makes a client that waits so long for an answer.
    pub fn with_patience(patience: Duration) -> Result<BoundedHttp, reqwest::Error> {
        Ok(BoundedHttp(builder(patience).build()?))
    }

    /// Makes a client for stand-ins on this machine, which speak plain HTTP. It needs no root
    /// certificates, and trusts none. No proxy of the environment leads to this machine.
    pub fn for_plain_http() -> Result<BoundedHttp, reqwest::Error> {
        Ok(BoundedHttp(builder(PATIENCE).tls_certs_only([]).no_proxy().build()?))
    }

    pub(crate) fn get(&self, url: &Url) -> RequestBuilder {
        self.0.get(url.clone())
    }

    pub(crate) fn post(&self, url: &Url) -> RequestBuilder {
        self.0.post(url.clone())
    }
}

fn builder(patience: Duration) -> ClientBuilder {
    Client::builder().connect_timeout(CONNECT).timeout(patience).redirect(Policy::none())
}

/// Sends a request to the host of `url` and reads the answer to its end.
pub(crate) async fn send(request: RequestBuilder, url: &Url) -> Result<Answer, ProviderError> {
    let host = url.host_str().unwrap_or_default().to_owned();
    let response = request.send().await.map_err(|error| failed(&error, &host))?;
    let status = response.status().as_u16();
    let body = read(response, &host).await?;
    Ok(Answer { status, host, body })
}

async fn read(response: Response, host: &str) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| failed(&error, host))?;
        if body.len() + chunk.len() > MOST_BYTES {
            return Err(ProviderError::TooLarge { host: host.to_owned(), limit: MOST_BYTES });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failed(error: &reqwest::Error, host: &str) -> ProviderError {
    let host = host.to_owned();
    match error.is_timeout() {
        true => ProviderError::Slow { host },
        false => ProviderError::Down { host },
    }
}

impl Answer {
    /// The value of a good answer. Other answers are not reported, because they may contain a token.
    pub(crate) fn value<T: DeserializeOwned>(&self, wanted: &'static str) -> Result<T, ProviderError> {
        match self.status {
            200 => serde_json::from_slice(&self.body)
                .map_err(|_| ProviderError::Garbage { host: self.host.clone(), wanted }),
            status => Err(ProviderError::Status { host: self.host.clone(), status }),
        }
    }

    /// What is in the way of a good answer: a refusal that `classify` names, or a fault.
    pub(crate) fn check<E: From<ProviderError>>(
        &self,
        classify: impl FnOnce(ProviderRefusal) -> E,
    ) -> Result<(), E> {
        match self.status {
            200 => Ok(()),
            400..=499 if self.status != 429 => Err(classify(self.refusal())),
            status => Err(ProviderError::Status { host: self.host.clone(), status }.into()),
        }
    }

    fn refusal(&self) -> ProviderRefusal {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let codes = match &body["error"] {
            // Facebook's Graph API has them one level deeper.
            inner @ Value::Object(_) => [&inner["type"], &inner["code"]],
            error if body["error_code"].is_null() => [error, &body["code"]],
            error => [error, &body["error_code"]],
        };
        let [error, code] = codes.map(short);
        ProviderRefusal { status: self.status, error, code }
    }
}

/// A code, and no text that could be longer than one.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.chars().take(40).collect(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
