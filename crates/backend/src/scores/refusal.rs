//! Why there is no run, or no score.

use naru_protocol::ProblemCode;

use super::{RecordingError, ReplayError, RunRefusal};
use crate::platform::http::ProblemResponse;
use crate::platform::{AllowanceError, Contended, StoreError};

/// A request that was understood and not granted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Too many of them.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The recording.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The run.
    #[error(transparent)]
    Run(#[from] RunRefusal),
    /// The replay.
    #[error(transparent)]
    Replay(#[from] ReplayError),
    /// The player's runs changed again and again in between.
    #[error(transparent)]
    Contended(#[from] Contended),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

impl From<Refusal> for ProblemResponse {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Allowance(error) => error.into(),
            Refusal::Recording(_) => ProblemResponse::new(ProblemCode::RecordingInvalid, detail),
            Refusal::Run(run) => ProblemResponse::new(code_of_run(&run), detail),
            Refusal::Replay(ReplayError::Busy) => ProblemResponse::busy(detail),
            Refusal::Replay(error) => ProblemResponse::internal(&error),
            Refusal::Contended(error) => error.into(),
            Refusal::Store(error) => error.into(),
            Refusal::Random(error) => ProblemResponse::internal(&error),
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
