//! Refusals as answers: problem details for HTTP APIs (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use naru_protocol::{PROBLEM_JSON, Problem, ProblemCode};

use crate::platform::{AllowanceError, Contended, StoreError, TokenError};

/// Seconds after which a busy service can be asked again.
const BUSY_SECONDS: u32 = 2;

/// A problem on its way out, and what went wrong inside, which only the operator may see.
#[derive(Debug)]
pub struct ProblemResponse {
    pub(crate) problem: Box<Problem>,
    fault: Option<Fault>,
}

/// Travels with an answer to where faults are reported.
#[derive(Debug, Clone)]
pub(crate) struct Fault(pub(crate) String);

impl ProblemResponse {
    /// A problem of this code.
    pub(crate) fn new(code: ProblemCode, detail: impl Into<String>) -> ProblemResponse {
        ProblemResponse { problem: Box::new(Problem::new(code, detail)), fault: None }
    }

    /// The service has no room for it just now: the client tries again soon.
    pub(crate) fn busy(detail: impl Into<String>) -> ProblemResponse {
        ProblemResponse::new(ProblemCode::Busy, detail).retry_after(BUSY_SECONDS)
    }

    /// A fault of ours. The client gets no word of what went wrong.
    pub(crate) fn internal(error: &dyn std::error::Error) -> ProblemResponse {
        let detail = "whether anything changed is not known; the request may be repeated";
        ProblemResponse::new(ProblemCode::Internal, detail).with_fault(error)
    }

    fn retry_after(mut self, seconds: u32) -> ProblemResponse {
        self.problem.retry_after_seconds = Some(seconds);
        self
    }

    /// Words for the operator beside the client's.
    pub(crate) fn with_fault(self, error: &dyn std::error::Error) -> ProblemResponse {
        ProblemResponse { fault: Some(Fault(error.to_string())), ..self }
    }

    /// The same without its words, which may repeat what was sent.
    pub(crate) fn without_words(mut self) -> ProblemResponse {
        "what was sent is not repeated here: it may hold secrets".clone_into(&mut self.problem.detail);
        self
    }
}

impl IntoResponse for ProblemResponse {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.problem.retry_after_seconds;
        let mut response = (status, Json(self.problem)).into_response();
        if let Some(fault) = self.fault {
            response.extensions_mut().insert(fault);
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<AllowanceError> for ProblemResponse {
    fn from(error: AllowanceError) -> Self {
        match error {
            AllowanceError::UsedUp { retry_after, .. } => {
                ProblemResponse::new(ProblemCode::RateLimited, error.to_string()).retry_after(retry_after)
            }
            AllowanceError::Store(error) => error.into(),
        }
    }
}

impl From<Contended> for ProblemResponse {
    fn from(error: Contended) -> Self {
        ProblemResponse::busy(error.to_string())
    }
}

impl From<StoreError> for ProblemResponse {
    fn from(error: StoreError) -> Self {
        ProblemResponse::internal(&error)
    }
}

impl From<TokenError> for ProblemResponse {
    fn from(error: TokenError) -> Self {
        match error {
            // Keys that can't be had say nothing of the player: refused as not logged in, a client would
            // send him to the provider's page.
            TokenError::Unavailable(_) => ProblemResponse::busy(error.to_string()),
            TokenError::Refused(_) | TokenError::Expired => {
                ProblemResponse::new(ProblemCode::NotLoggedIn, error.to_string())
            }
        }
    }
}
