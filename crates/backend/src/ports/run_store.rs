//! The runs that were issued.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::domain::{Run, RunId};

/// Keeps runs until no score of theirs can arrive any more.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Keeps a new run, and may forget those that were issued before `outlived`.
    async fn issue(&self, run: &Run, outlived: Timestamp) -> Result<(), StoreError>;

    /// The run of this id.
    async fn find(&self, id: &RunId) -> Result<Option<Run>, StoreError>;
}
