//! A store that did not do what it was asked.

/// The store failed. Whether it changed anything is not known; every write may be repeated.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct StoreError {
    /// What was being done.
    pub doing: &'static str,
    /// What the store said.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// Names what was being done.
    pub fn new(doing: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        StoreError { doing, source: source.into() }
    }
}
