//! Why a dataset was not changed.

use naru_protocol::{ProblemCode, ShownNameError};

use super::ChangeError;
use crate::platform::http::ProblemResponse;
use crate::platform::{AllowanceError, Contended, StoreError};

/// A request that was understood and not granted.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Too many of them.
    #[error(transparent)]
    Allowance(#[from] AllowanceError),
    /// The dataset.
    #[error(transparent)]
    Dataset(#[from] ChangeError),
    /// The nickname in the profile.
    #[error(transparent)]
    Nickname(#[from] ShownNameError),
    /// The dataset changed again and again in between.
    #[error(transparent)]
    Contended(#[from] Contended),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for ProblemResponse {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Allowance(error) => error.into(),
            Refusal::Dataset(error) => error.into(),
            Refusal::Nickname(error) => ProblemResponse::new(ProblemCode::NicknameRefused, error.to_string()),
            Refusal::Contended(error) => error.into(),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<ChangeError> for ProblemResponse {
    fn from(error: ChangeError) -> Self {
        let detail = error.to_string();
        match error {
            ChangeError::Conflict(conflicts) => {
                let mut response = ProblemResponse::new(ProblemCode::DatasetConflict, detail);
                response.problem.conflicts = conflicts;
                response
            }
            _ => ProblemResponse::new(ProblemCode::DatasetLimit, detail),
        }
    }
}
