//! Taking over what is here already, on all processors.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Fetcher;
use crate::hash::threads;
use crate::install_folder::Lock;
use crate::update::stage::{Missing, StagedFile};
use crate::{Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError};

/// A staged file and what it lacks.
pub(super) struct Gathered {
    pub(super) file: Arc<StagedFile>,
    pub(super) missing: Missing,
}

impl Fetcher {
    /// Takes over what is here. Told as a phase of its own, where there is anything.
    pub(super) async fn gather(&self, files: Vec<Arc<StagedFile>>) -> Result<Vec<Gathered>, UpdateError> {
        let here: Vec<_> = files.iter().filter(|file| file.may_be_here()).collect();
        let total =
            Total { bytes: Some(here.iter().map(|file| file.size()).sum()), items: Some(here.len() as u64) };
        let watcher = match here.is_empty() {
            true => Silent.start(Phase::Gather, total),
            false => self.progress.start(Phase::Gather, total),
        };
        gather_all(files, watcher, Arc::clone(&self.lock)).await
    }
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
