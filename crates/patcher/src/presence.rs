//! Which objects of a release the store still has.

use std::collections::HashMap;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::Digest;
use naru_store::{Backoff, ObjectRef, ReadStore, StoreError, WriteStore};

use crate::PhaseProgress;

/// Questions for single objects that are under way at once.
const CONCURRENT_STATS: usize = 64;

/// Objects read whole at once.
const CONCURRENT_READS: usize = 16;

/// A listing answers 1,000 versions in the time of about this many requests for single objects, which
/// go out side by side. A bucket with a long past has many versions for each file of one release, so
/// no more pages are read than pay for themselves.
const OBJECTS_PER_PAGE: usize = 250;

/// An object that has to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExpectedObject {
    pub(crate) object: ObjectRef,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
}

/// The objects that are not there, or not in their size.
pub(crate) async fn missing(
    store: &Arc<dyn WriteStore>,
    prefix: &str,
    expected: Vec<ExpectedObject>,
    watcher: &dyn PhaseProgress,
) -> Result<Vec<ExpectedObject>, StoreError> {
    let unlisted = unlisted(&**store, prefix, expected, watcher).await?;
    let questions = unlisted.into_iter().map(|expected| {
        let store = Arc::clone(store);
        async move {
            let stored = store.stat(&expected.object).await?;
            let is_there = stored.is_some_and(|stored| stored.length == expected.size);
            Ok::<_, StoreError>((expected, is_there))
        }
    });
    // Collected before they are polled: a lazy map would tie the future to one thread.
    let questions: Vec<_> = questions.collect();
    let mut answers = stream::iter(questions).buffered(CONCURRENT_STATS);
    let mut missing = Vec::new();
    while let Some((expected, is_there)) = answers.try_next().await? {
        match is_there {
            true => watcher.item(&expected.object.key),
            false => missing.push(expected),
        }
    }
    Ok(missing)
}

/// The objects that a listing does not show: those behind its last page, and those that are missing.
async fn unlisted(
    store: &dyn WriteStore,
    prefix: &str,
    expected: Vec<ExpectedObject>,
    watcher: &dyn PhaseProgress,
) -> Result<Vec<ExpectedObject>, StoreError> {
    let pages = expected.len().div_ceil(OBJECTS_PER_PAGE);
    let sizes = expected.iter().map(|expected| (expected.object.clone(), expected.size));
    let mut waiting: HashMap<ObjectRef, u64> = sizes.collect();
    let mut after = None;
    for _ in 0..pages {
        let page = store.version_page(prefix, after).await?;
        for (key, version) in page.versions {
            let object = ObjectRef::at(key, version.version);
            if waiting.get(&object) == Some(&version.length) {
                waiting.remove(&object);
                watcher.item(&object.key);
            }
        }
        after = page.next;
        if after.is_none() || waiting.is_empty() {
            break;
        }
    }
    Ok(expected.into_iter().filter(|expected| waiting.contains_key(&expected.object)).collect())
}

/// The objects whose bytes are not the expected ones. Reads all of them.
pub(crate) async fn damaged(
    store: &Arc<dyn WriteStore>,
    expected: Vec<ExpectedObject>,
    watcher: &Arc<dyn PhaseProgress>,
) -> Result<Vec<ExpectedObject>, StoreError> {
    let reads = expected.into_iter().map(|expected| {
        let (store, watcher) = (Arc::clone(store), Arc::clone(watcher));
        async move {
            let digest = digest_of(&*store, &expected.object, &*watcher).await?;
            watcher.item(&expected.object.key);
            Ok::<_, StoreError>((digest != expected.digest).then_some(expected))
        }
    });
    let reads: Vec<_> = reads.collect();
    let damaged: Vec<_> = stream::iter(reads).buffered(CONCURRENT_READS).try_collect().await?;
    Ok(damaged.into_iter().flatten().collect())
}

/// Reads an object to its end, again where the connection breaks off.
async fn digest_of(
    store: &dyn ReadStore,
    object: &ObjectRef,
    watcher: &dyn PhaseProgress,
) -> Result<Digest, StoreError> {
    let (backoff, mut failures) = (Backoff::default(), 0);
    loop {
        let failure = match read_once(store, object, watcher).await {
            Err(error) if error.is_retryable() => error,
            other => return other,
        };
        failures += 1;
        match backoff.wait_after(failures, &failure) {
            Some(wait) => tokio::time::sleep(wait).await,
            None => return Err(failure),
        }
    }
}

async fn read_once(
    store: &dyn ReadStore,
    object: &ObjectRef,
    watcher: &dyn PhaseProgress,
) -> Result<Digest, StoreError> {
    let mut body = store.open(object, None).await?;
    let mut hasher = blake3::Hasher::new();
    while let Some(piece) = body.stream.next().await {
        let piece = piece?;
        hasher.update(&piece);
        watcher.bytes(piece.len() as u64);
    }
    Ok(hasher.finalize().into())
}
