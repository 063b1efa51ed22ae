//! Refusals as answers: problem details for HTTP APIs (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use naru_protocol::{PROBLEM_JSON, Problem, ProblemCode};

use crate::domain::{ChangeError, RunRefusal};
use crate::flows::Refusal;
use crate::ports::{ReplayError, StoreError, TokenError};

/// Seconds after which a busy service can be asked again.
pub(super) const BUSY_SECONDS: u32 = 2;

/// A problem on its way out, and what went wrong inside, which only the operator may see.
#[derive(Debug)]
pub(super) struct Refused {
    problem: Box<Problem>,
    fault: Option<Fault>,
}

/// Travels with an answer to where faults are reported.
#[derive(Debug, Clone)]
pub(super) struct Fault(pub(super) String);

impl Refused {
    /// A problem of this code.
    pub(super) fn because(code: ProblemCode, detail: impl Into<String>) -> Refused {
        Refused { problem: Box::new(Problem::new(code, detail)), fault: None }
    }

    pub(super) fn retry_after(mut self, seconds: u32) -> Refused {
        self.problem.retry_after_seconds = Some(seconds);
        self
    }

    /// Words for the operator beside the client's.
    pub(super) fn with_fault(self, error: &dyn std::error::Error) -> Refused {
        Refused { fault: Some(Fault(error.to_string())), ..self }
    }

    /// The same without its words, which may repeat what was sent.
    pub(super) fn without_words(mut self) -> Refused {
        "what was sent is not repeated here: it may hold secrets".clone_into(&mut self.problem.detail);
        self
    }

    /// The client gets no word of what went wrong.
    fn internal(error: &dyn std::error::Error) -> Refused {
        let detail = "whether anything changed is not known; the request may be repeated";
        Refused::because(ProblemCode::Internal, detail).with_fault(error)
    }
}

impl IntoResponse for Refused {
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

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::RateLimited { retry_after, .. } => {
                Refused::because(ProblemCode::RateLimited, detail).retry_after(retry_after)
            }
            Refusal::Recording(_) => Refused::because(ProblemCode::RecordingInvalid, detail),
            Refusal::Run(run) => Refused::because(code_of_run(&run), detail),
            Refusal::Replay(ReplayError::Busy) | Refusal::Contended(_) => {
                Refused::because(ProblemCode::Busy, detail).retry_after(BUSY_SECONDS)
            }
            Refusal::Dataset(error) => of_dataset(error, detail),
            Refusal::Nickname(_) => Refused::because(ProblemCode::NicknameRefused, detail),
            Refusal::Replay(error) => Refused::internal(&error),
            Refusal::Store(error) => error.into(),
            Refusal::Random(error) => Refused::internal(&error),
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Refused::internal(&error)
    }
}

impl From<ChangeError> for Refused {
    fn from(error: ChangeError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Unavailable(_) => {
                Refused::because(ProblemCode::Busy, error.to_string()).retry_after(BUSY_SECONDS)
            }
            TokenError::Refused(_) | TokenError::Expired => {
                Refused::because(ProblemCode::NotLoggedIn, error.to_string())
            }
        }
    }
}

fn code_of_run(refusal: &RunRefusal) -> ProblemCode {
    match refusal {
        RunRefusal::Unknown => ProblemCode::RunUnknown,
        RunRefusal::Expired(_) | RunRefusal::Closed => ProblemCode::RunExpired,
        RunRefusal::RulesDiffer { .. } => ProblemCode::RulesDiffer,
        RunRefusal::TooFast { .. } | RunRefusal::Overlaps { .. } => ProblemCode::TooFast,
        RunRefusal::NotOver(_) | RunRefusal::GoesOn { .. } => ProblemCode::RecordingMismatch,
        RunRefusal::Used => ProblemCode::RunUsed,
    }
}

fn of_dataset(error: ChangeError, detail: String) -> Refused {
    match error {
        ChangeError::Conflict(conflicts) => {
            let mut refused = Refused::because(ProblemCode::DatasetConflict, detail);
            refused.problem.conflicts = conflicts;
            refused
        }
        _ => Refused::because(ProblemCode::DatasetLimit, detail),
    }
}
