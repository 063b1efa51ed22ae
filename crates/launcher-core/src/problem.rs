//! From typed errors to problems for the page.

use naru_operations::{self as operations, OperationError, OperationErrorKind, SettingsError, chain};
use naru_patcher::{PublishError, UpdateError};
use naru_store::AwsError;

use crate::view::{Changed, ErrorCode, Problem, ProblemCode};

impl Problem {
    /// A problem that has changed nothing.
    pub(crate) fn new(code: impl Into<ProblemCode>, detail: impl ToString) -> Self {
        Self { code: code.into(), detail: detail.to_string(), changed: Changed::Nothing }
    }

    /// A problem whose kind says it all.
    pub(crate) fn plain(code: impl Into<ProblemCode>) -> Self {
        Self::new(code, "")
    }

    /// A failed read or write of a file of the launcher's own.
    pub(crate) fn io(error: &std::io::Error, what: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::of_io(error.kind()), format!("{what}: {error}"))
    }
}

impl From<OperationError> for Problem {
    fn from(error: OperationError) -> Self {
        let code = match error.kind() {
            OperationErrorKind::NotInstalled => ProblemCode::NotInstalled,
            OperationErrorKind::WrongClock => ProblemCode::WrongClock,
            OperationErrorKind::Code(code) => code.into(),
        };
        Self { code, detail: chain(&error.cause), changed: error.changed.into() }
    }
}

impl From<operations::Changed> for Changed {
    fn from(changed: operations::Changed) -> Self {
        match changed {
            // A job that is done does not fail.
            operations::Changed::OnlyRead
            | operations::Changed::Nothing
            | operations::Changed::Everything => Self::Nothing,
            operations::Changed::OnlyStage => Self::OnlyStage,
            operations::Changed::Midway => Self::Midway,
            operations::Changed::OnlyUploads => Self::OnlyUploads,
            operations::Changed::Released => Self::Released,
            operations::Changed::Unclear => Self::Unclear,
        }
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        let detail = match &error {
            SettingsError::Edge(error) => format!("endpoints.edge: {error}"),
            SettingsError::Aws(AwsError::NoRegion) => {
                "no region: endpoints.publishing.region, AWS_REGION, or that of the AWS profile".to_owned()
            }
            other => other.to_string(),
        };
        Self::new(ErrorCode::Config, detail)
    }
}

impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        OperationError::new(error, operations::Changed::OnlyRead).into()
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        OperationError::new(error, operations::Changed::OnlyRead).into()
    }
}

/// The outcome of an operation that asks: the button was the answer, so there always is one.
pub(crate) fn confirmed<T>(outcome: Option<T>) -> Result<T, Problem> {
    outcome.ok_or_else(|| Problem::new(ErrorCode::Internal, "the plan was not carried out"))
}
