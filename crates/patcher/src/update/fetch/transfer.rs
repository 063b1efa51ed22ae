//! One request on its way: each unit is hashed as it arrives, and counts only when its hash is right.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use futures::StreamExt;
use naru_store::{FailureKind, ObjectRef, StoreError};

use super::Work;
use super::span::Span;
use crate::UpdateError;
use crate::update::stage::Partial;

/// Times that one piece may arrive damaged.
const DAMAGED_TRIES: u32 = 3;

/// One span on its way.
pub(super) struct Transfer<'a> {
    work: &'a Work,
    pub(super) span: Span,
    /// The unit that is arriving, and what of it is here.
    unit: usize,
    partial: Partial,
    /// Bytes of a small file, kept until it is whole.
    small: Vec<u8>,
    damaged: u32,
    failures: u32,
}

impl<'a> Transfer<'a> {
    pub(super) fn new(work: &'a Work, mut span: Span) -> Self {
        let unit = span.units.start;
        let fresh = || Partial { done: 0, hasher: span.file.hasher(unit) };
        let partial = span.partial.take().unwrap_or_else(fresh);
        Self { work, unit, partial, small: Vec::new(), damaged: 0, failures: 0, span }
    }

    pub(super) async fn run(&mut self) -> Result<(), UpdateError> {
        if self.span.file.size() == 0 {
            self.finish_unit()?;
        }
        while self.unit < self.span.units.end {
            match self.stream().await {
                Ok(()) => {}
                Err(UpdateError::Store(error)) if error.is_retryable() => self.pause(error).await?,
                Err(error) => return Err(error),
            }
        }
        // The connections share a file: the last one to finish has made it whole.
        if self.span.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.work.watcher.item(self.span.file.job.wanted.path().as_str());
        }
        Ok(())
    }

    /// One request, from the first byte that is missing to the end of the span.
    async fn stream(&mut self) -> Result<(), UpdateError> {
        let file = &self.span.file;
        let start = file.range(self.unit).start + self.partial.done;
        let end = file.range(self.span.units.end - 1).end;
        // A whole file is asked for without a range: every cache in between can answer that.
        let is_whole = start == 0 && end == file.size();
        let range = (!is_whole).then_some(start..end);
        let object = self.object();
        let body = self.work.store.open(&object, range).await?;
        // Endless-data attack, and an edge that ignores the range: no byte more than was asked for.
        let mut stream = body.of_length(&object, end - start)?;
        while let Some(bytes) = stream.next().await {
            self.take(bytes?).await?;
        }
        Ok(())
    }

    fn object(&self) -> ObjectRef {
        self.span.file.job.wanted.object(&self.work.keys)
    }

    async fn take(&mut self, mut bytes: Bytes) -> Result<(), UpdateError> {
        self.work.rate.pass(bytes.len() as u64).await;
        self.work.fetched.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        // Only a connection that brings nothing at all counts as a failure.
        self.failures = 0;
        while !bytes.is_empty() && self.unit < self.span.units.end {
            let range = self.span.file.range(self.unit);
            let wanted = (range.end - range.start - self.partial.done).min(bytes.len() as u64);
            let now = bytes.split_to(wanted as usize);
            self.keep(&now)?;
            if self.partial.done == range.end - range.start {
                self.finish_unit()?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), UpdateError> {
        let file = &self.span.file;
        self.partial.hasher.update(bytes);
        if file.is_small() {
            self.small.extend_from_slice(bytes);
        } else {
            file.write(self.unit, self.partial.done, bytes)
                .map_err(UpdateError::io("writing", &file.place()))?;
        }
        self.partial.done += bytes.len() as u64;
        self.work.watcher.bytes(bytes.len() as u64);
        Ok(())
    }

    /// A unit counts only when its hash is right; a damaged one is fetched again.
    fn finish_unit(&mut self) -> Result<(), UpdateError> {
        let file = Arc::clone(&self.span.file);
        let fresh = |unit: usize| Partial { done: 0, hasher: file.hasher(unit) };
        let arrived = std::mem::replace(&mut self.partial, fresh(self.unit));
        // Other bytes than the manifest names: a damaged cache, a wrong version, or somebody between.
        if !file.accepts(self.unit, arrived.hasher) {
            self.small.clear();
            return self.count_damage();
        }
        // Small files reach the disk in one piece: no marks, and half as many files to make.
        if file.is_small() {
            file.write_small(&self.small).map_err(UpdateError::io("writing", &file.place()))?;
        }
        self.unit += 1;
        if self.unit < self.span.units.end {
            self.partial = fresh(self.unit);
        }
        Ok(())
    }

    fn count_damage(&mut self) -> Result<(), UpdateError> {
        self.damaged += 1;
        if self.damaged < DAMAGED_TRIES {
            let key = self.object().key;
            let detail = "the bytes are not what the manifest names";
            return Err(StoreError::new("get", key, FailureKind::BadAnswer, detail).into());
        }
        Err(UpdateError::Corrupt { path: self.span.file.job.wanted.path().clone(), tries: self.damaged })
    }

    /// Waits before another try; gives up after several without a single new byte.
    async fn pause(&mut self, error: StoreError) -> Result<(), UpdateError> {
        self.failures += 1;
        match self.work.backoff.wait_after(self.failures, &error) {
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
            None => Err(error.into()),
        }
    }
}
