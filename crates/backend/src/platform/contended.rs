//! Writes that came too late again and again.

/// What a request wanted to change was changed by others each time that it had read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the same was changed by other requests {0} times in between")]
pub struct Contended(pub(crate) usize);
