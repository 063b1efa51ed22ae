//! Problems that the shell itself meets.

use naru_launcher_core::view::{Changed, ErrorCode, Problem, ProblemCode};

/// The system refused something that has nothing to do with the game's files.
pub(crate) fn of_system(error: impl std::fmt::Display) -> Problem {
    Problem {
        code: ProblemCode::Failure(ErrorCode::Internal),
        detail: error.to_string(),
        changed: Changed::Nothing,
    }
}
