//! A store that tries again.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;

use crate::{Backoff, Body, ObjectRef, ReadStore, StoreError, Stored};

/// Repeats the calls of a [`ReadStore`] that failed in a way that may pass.
///
/// Only whole calls are repeated. A body that breaks off while it streams is its reader's affair,
/// because only the reader knows which bytes it still needs.
#[derive(Debug)]
pub struct Retrying<S> {
    inner: S,
    backoff: Backoff,
}

impl<S: ReadStore> Retrying<S> {
    /// Wraps `inner`.
    pub fn new(inner: S, backoff: Backoff) -> Self {
        Self { inner, backoff }
    }

    async fn wait_or_give_up(&self, failures: u32, error: StoreError) -> Result<(), StoreError> {
        match self.backoff.wait_after(failures, &error) {
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            None => Err(error),
        }
    }
}

/// Repeats a call on the inner store until it succeeds or the wait says to give up.
macro_rules! repeat {
    ($self:ident, $call:expr) => {{
        let mut failures = 0;
        loop {
            match $call.await {
                Ok(answer) => return Ok(answer),
                Err(error) => {
                    failures += 1;
                    $self.wait_or_give_up(failures, error).await?;
                }
            }
        }
    }};
}

#[async_trait]
impl<S: ReadStore> ReadStore for Retrying<S> {
    async fn open(&self, object: &ObjectRef, range: Option<Range<u64>>) -> Result<Body, StoreError> {
        repeat!(self, self.inner.open(object, range.clone()))
    }

    async fn stat(&self, object: &ObjectRef) -> Result<Option<Stored>, StoreError> {
        repeat!(self, self.inner.stat(object))
    }

    async fn read(&self, object: &ObjectRef, limit: u64) -> Result<Bytes, StoreError> {
        repeat!(self, self.inner.read(object, limit))
    }

    fn name(&self) -> &str {
        self.inner.name()
    }
}
