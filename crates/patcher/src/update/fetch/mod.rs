//! Fetching what the stage lacks: many connections, every piece verified before it counts.

mod gathering;
mod span;
mod transfer;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use naru_protocol::Keys;
use naru_store::{Backoff, ReadStore};
use tokio::task::JoinSet;

use self::gathering::Gathered;
use self::span::{Span, split};
use self::transfer::Transfer;
use super::rate::RateLimit;
use super::stage::StagedFile;
use crate::install_folder::Lock;
use crate::{Phase, PhaseProgress, ProgressSink, Total, UpdateError};

/// How the stage is filled.
pub(crate) struct Fetcher {
    pub(crate) store: Arc<dyn ReadStore>,
    pub(crate) keys: Keys,
    pub(crate) connections: usize,
    pub(crate) rate: RateLimit,
    pub(crate) progress: Arc<dyn ProgressSink>,
    /// Held by all work of its own threads.
    pub(crate) lock: Arc<Lock>,
}

/// What filling the stage took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fetched {
    /// Bytes that came over the network.
    pub(crate) bytes: u64,
    /// Files that needed the network.
    pub(crate) files: u64,
    /// Bytes that an interrupted run, or the install folder, already had.
    pub(crate) present: u64,
}

struct Work {
    _lock: Arc<Lock>,
    store: Arc<dyn ReadStore>,
    keys: Keys,
    rate: RateLimit,
    watcher: Box<dyn PhaseProgress>,
    spans: Vec<tokio::sync::Mutex<Option<Span>>>,
    backoff: Backoff,
    next: AtomicUsize,
    fetched: AtomicU64,
}

impl Fetcher {
    /// Fills all staged files.
    pub(crate) async fn fill(&self, files: Vec<StagedFile>) -> Result<Fetched, UpdateError> {
        let files: Vec<Arc<StagedFile>> = files.into_iter().map(Arc::new).collect();
        let mut fetched = Fetched::default();
        let mut spans = Vec::new();
        for Gathered { file, missing } in self.gather(files).await? {
            fetched.present += missing.present;
            fetched.files += u64::from(!missing.units.is_empty());
            split(&file, missing, &mut spans);
        }
        // Only what travels: a bar that is half full at its start says nothing of the time that is left.
        let bytes = spans.iter().map(Span::missing_bytes).sum();
        let total = Total { bytes: Some(bytes), items: Some(fetched.files) };
        let watcher = self.progress.start(Phase::Download, total);
        fetched.bytes = self.fetch(spans, watcher).await?;
        Ok(fetched)
    }

    async fn fetch(&self, mut spans: Vec<Span>, watcher: Box<dyn PhaseProgress>) -> Result<u64, UpdateError> {
        // The largest first: a large one that starts last would run alone at the end.
        spans.sort_by_key(|span| std::cmp::Reverse(span.units.len()));
        let work = Arc::new(Work {
            _lock: Arc::clone(&self.lock),
            store: Arc::clone(&self.store),
            keys: self.keys.clone(),
            rate: self.rate.clone(),
            watcher,
            spans: spans.into_iter().map(|span| tokio::sync::Mutex::new(Some(span))).collect(),
            backoff: Backoff::default(),
            next: AtomicUsize::new(0),
            fetched: AtomicU64::new(0),
        });
        let mut workers = JoinSet::new();
        for _ in 0..self.connections.clamp(1, 256).min(work.spans.len()) {
            workers.spawn(run(Arc::clone(&work)));
        }
        let ended = all_or_first_failure(&mut workers).await;
        // A cancelled worker still holds the install folder's lock until it has ended, and the next run
        // would find the folder busy.
        workers.shutdown().await;
        ended.map(|()| work.fetched.load(Ordering::Relaxed))
    }
}

async fn all_or_first_failure(workers: &mut JoinSet<Result<(), UpdateError>>) -> Result<(), UpdateError> {
    while let Some(ended) = workers.join_next().await {
        match ended {
            Ok(result) => result?,
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }
    Ok(())
}

async fn run(work: Arc<Work>) -> Result<(), UpdateError> {
    loop {
        let at = work.next.fetch_add(1, Ordering::Relaxed);
        let Some(slot) = work.spans.get(at) else {
            return Ok(());
        };
        let Some(span) = slot.lock().await.take() else {
            continue;
        };
        let mut transfer = Transfer::new(&work, span);
        transfer.run().await?;
        transfer.span.file.close();
    }
}
