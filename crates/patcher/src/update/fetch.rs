//! Fetching what the stage lacks: many connections, every piece verified before it counts.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use futures::StreamExt;
use naru_protocol::Keys;
use naru_store::{Backoff, FailureKind, ObjectRef, ReadStore, StoreError};
use tokio::task::JoinSet;

use super::rate::RateLimit;
use super::stage::{Missing, Partial, StagedFile};
use crate::hash::threads;
use crate::install_folder::Lock;
use crate::{Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError};

/// Pieces that one request asks for: enough that a request costs nothing beside its bytes, few
/// enough that all connections share one large file.
const UNITS_PER_REQUEST: usize = 16;

/// Times that one piece may arrive damaged.
const DAMAGED_TRIES: u32 = 3;

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

/// A staged file and what it lacks.
struct Gathered {
    file: Arc<StagedFile>,
    missing: Missing,
}

/// Neighbouring units of one file, to be fetched by one request.
struct Span {
    file: Arc<StagedFile>,
    units: Range<usize>,
    partial: Option<Partial>,
    /// How many requests of the file are still to be answered.
    left: Arc<AtomicUsize>,
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

impl Span {
    fn missing_bytes(&self) -> u64 {
        let ranges = self.units.clone().map(|unit| self.file.range(unit));
        let all: u64 = ranges.map(|range| range.end - range.start).sum();
        all - self.partial.as_ref().map_or(0, |partial| partial.done)
    }
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

    /// Takes over what is here. Told as a phase of its own, where there is anything.
    async fn gather(&self, files: Vec<Arc<StagedFile>>) -> Result<Vec<Gathered>, UpdateError> {
        let here: Vec<_> = files.iter().filter(|file| file.may_be_here()).collect();
        let total =
            Total { bytes: Some(here.iter().map(|file| file.size()).sum()), items: Some(here.len() as u64) };
        let watcher = match here.is_empty() {
            true => Silent.start(Phase::Gather, total),
            false => self.progress.start(Phase::Gather, total),
        };
        gather_all(files, watcher, Arc::clone(&self.lock)).await
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
        // A worker that is only told to stop still holds the install folder's lock, and the next run
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

/// Takes over what is here, on all processors.
async fn gather_all(
    files: Vec<Arc<StagedFile>>,
    watcher: Box<dyn PhaseProgress>,
    lock: Arc<Lock>,
) -> Result<Vec<Gathered>, UpdateError> {
    let work = move || {
        let _lock = lock;
        let next = AtomicUsize::new(0);
        let gather = || {
            let mut done = Vec::new();
            while let Some((at, file)) = next_of(&files, &next) {
                let gathered = file.gather().map_err(UpdateError::io("preparing", &file.place()));
                if file.may_be_here() {
                    watcher.bytes(file.size());
                    watcher.item(file.job.wanted.path().as_str());
                }
                let file = Arc::clone(file);
                done.push((at, gathered.map(|missing| Gathered { file, missing })));
            }
            done
        };
        let mut done = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads()).map(|_| scope.spawn(gather)).collect();
            let mut done = gather();
            for other in others {
                match other.join() {
                    Ok(more) => done.extend(more),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            done
        });
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, gathered)| gathered).collect()
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

fn next_of<'a>(files: &'a [Arc<StagedFile>], next: &AtomicUsize) -> Option<(usize, &'a Arc<StagedFile>)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, files.get(at)?))
}

/// Cuts the missing units of a file into requests.
fn split(file: &Arc<StagedFile>, missing: Missing, spans: &mut Vec<Span>) {
    let mut partial: std::collections::HashMap<usize, Partial> = missing.partial.into_iter().collect();
    let mut units = missing.units.into_iter().peekable();
    let (begun, left) = (spans.len(), Arc::new(AtomicUsize::new(0)));
    while let Some(first) = units.next() {
        let mut end = first + 1;
        // A partial unit begins a request of its own: its first bytes are here.
        while end - first < UNITS_PER_REQUEST && units.peek() == Some(&end) && !partial.contains_key(&end) {
            units.next();
            end += 1;
        }
        let (file, left) = (Arc::clone(file), Arc::clone(&left));
        spans.push(Span { file, units: first..end, partial: partial.remove(&first), left });
    }
    left.store(spans.len() - begun, Ordering::Relaxed);
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
        let mut fetch = SpanFetch::new(&work, span);
        fetch.run().await?;
        fetch.span.file.close();
    }
}

/// One span on its way.
struct SpanFetch<'a> {
    work: &'a Work,
    span: Span,
    /// The unit that is arriving, and what of it is here.
    unit: usize,
    partial: Partial,
    /// Bytes of a small file, kept until it is whole.
    small: Vec<u8>,
    damaged: u32,
    failures: u32,
}

impl<'a> SpanFetch<'a> {
    fn new(work: &'a Work, mut span: Span) -> Self {
        let unit = span.units.start;
        let fresh = || Partial { done: 0, hasher: span.file.hasher(unit) };
        let partial = span.partial.take().unwrap_or_else(fresh);
        Self { work, unit, partial, small: Vec::new(), damaged: 0, failures: 0, span }
    }

    async fn run(&mut self) -> Result<(), UpdateError> {
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
        let is_whole = start == 0 && end == file.size();
        let range = (!is_whole).then_some(start..end);
        let object = self.object();
        let body = self.work.store.open(&object, range).await?;
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
        if !file.accepts(self.unit, arrived.hasher) {
            self.small.clear();
            return self.count_damage();
        }
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
