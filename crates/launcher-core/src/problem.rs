//! From typed errors to what a person is told.

use std::error::Error;

use naru_patcher::{PublishError, UpdateError};
use naru_store::FailureKind;

use crate::view::{Changed, Problem, ProblemCode};

impl Problem {
    /// A problem that has changed nothing.
    pub(crate) fn new(code: ProblemCode, detail: impl ToString) -> Self {
        Self { code, detail: detail.to_string(), changed: Changed::Nothing }
    }

    /// A problem whose kind says it all.
    pub(crate) fn plain(code: ProblemCode) -> Self {
        Self::new(code, "")
    }

    /// A failed read or write of a file of the launcher's own.
    pub(crate) fn io(error: &std::io::Error, what: impl std::fmt::Display) -> Self {
        let code = match error.kind() {
            std::io::ErrorKind::NotFound => ProblemCode::NotFound,
            std::io::ErrorKind::StorageFull => ProblemCode::NoSpace,
            _ => ProblemCode::DiskRefused,
        };
        Self::new(code, format!("{what}: {error}"))
    }

    /// Says what was changed, where the engine did not say that it can't know.
    pub(crate) fn having_changed(mut self, changed: Changed) -> Self {
        if self.changed != Changed::Unclear {
            self.changed = changed;
        }
        self
    }
}

impl From<UpdateError> for Problem {
    fn from(error: UpdateError) -> Self {
        let code = match &error {
            UpdateError::NotInstalled { .. } => ProblemCode::NotInstalled,
            UpdateError::Store(error) if error.kind == FailureKind::WrongClock => ProblemCode::WrongClock,
            other => other.code().into(),
        };
        Self::new(code, chain(&error))
    }
}

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        let code = match &error {
            PublishError::Store(error) if error.kind == FailureKind::WrongClock => ProblemCode::WrongClock,
            other => other.code().into(),
        };
        let problem = Self::new(code, chain(&error));
        match error {
            PublishError::Unclear { .. } => Self { changed: Changed::Unclear, ..problem },
            _ => problem,
        }
    }
}

/// An error and all errors below it, the outermost first, repetitions left out.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        below = cause.source();
    }
    text
}
