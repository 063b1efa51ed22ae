//! What a root answers when it is shown a plan.

/// The answer to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Carry it out.
    Proceed,
    /// Leave everything as it is.
    Stop,
}

/// The answer of a root that does not prompt.
pub async fn proceed<P, E>(_plan: &P) -> Result<Answer, E> {
    Ok(Answer::Proceed)
}
