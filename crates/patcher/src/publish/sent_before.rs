//! What an interrupted publish has sent already. It is looked for when the plan is made, so that the
//! plan says what will really travel.

use std::collections::HashMap;
use std::sync::Arc;

use futures::stream::{FuturesUnordered, TryStreamExt};
use naru_protocol::{FileEntry, Manifest, Md5Digest, RelPath};
use naru_store::{ObjectRef, StoreError, Stored, WriteStore};

use super::Publisher;
use super::compare::{Source, Sources};

/// From this many uploads on, one listing (1,000 keys a request) is cheaper than asking for each key
/// whether an interrupted run has sent it.
const LIST_FROM: usize = 200;

/// Questions that are under way at once.
const CONCURRENT: usize = 64;

/// Bytes that need not be sent.
#[derive(Debug, Default)]
pub(super) struct Resumed {
    /// Of whole files.
    pub(super) whole: u64,
    /// Of files that have to be sent otherwise.
    pub(super) parts: u64,
}

/// Names the objects of an interrupted run as the sources of their files.
pub(super) async fn mark<'a>(
    publisher: &Publisher,
    manifest: &'a Manifest,
    sources: &mut Sources,
) -> Result<Resumed, StoreError> {
    let is_upload = |path: &RelPath| matches!(sources.get(path), Some(Source::Upload));
    let uploads: Vec<_> = manifest.files().iter().filter(|entry| is_upload(&entry.path)).collect();
    let there = may_be_there(publisher, uploads.len()).await?;
    let keys = publisher.log.keys();
    let question = |entry: &'a FileEntry| {
        let key = keys.file(&entry.path);
        let maybe_there = there.may_hold(&key, entry.size);
        Question { store: Arc::clone(&publisher.log.store), entry, key, maybe_there }
    };
    // Asked as answers come: all questions at once would take more room than the plan.
    let mut waiting = uploads.into_iter();
    let mut asked: FuturesUnordered<_> =
        waiting.by_ref().take(CONCURRENT).map(|entry| question(entry).ask()).collect();
    let mut resumed = Resumed::default();
    while let Some((entry, before)) = asked.try_next().await? {
        asked.extend(waiting.next().map(|entry| question(entry).ask()));
        match before {
            Before::Whole { version, md5 } => {
                resumed.whole += entry.size;
                sources.insert(entry.path.clone(), Source::sent(version, md5));
            }
            Before::Parts(bytes) => resumed.parts += bytes.min(entry.size),
        }
    }
    Ok(resumed)
}

/// What an interrupted run has sent of one file.
enum Before {
    Whole { version: String, md5: Option<Md5Digest> },
    Parts(u64),
}

/// One file that is to be sent.
struct Question<'a> {
    store: Arc<dyn WriteStore>,
    entry: &'a FileEntry,
    key: String,
    maybe_there: bool,
}

impl<'a> Question<'a> {
    async fn ask(self) -> Result<(&'a FileEntry, Before), StoreError> {
        let FileEntry { size, digest, .. } = self.entry;
        let before = match self.ours().await? {
            Some(Stored { version: Some(version), md5, .. }) => Before::Whole { version, md5 },
            _ => Before::Parts(self.store.arrived_bytes(&self.key, *size, digest).await?),
        };
        Ok((self.entry, before))
    }

    /// The object at the key, if its recorded digest is ours.
    async fn ours(&self) -> Result<Option<Stored>, StoreError> {
        if !self.maybe_there {
            return Ok(None);
        }
        let stored = self.store.stat(&ObjectRef::newest(&self.key)).await?;
        let FileEntry { size, digest, .. } = self.entry;
        Ok(stored.filter(|stored| stored.digest == Some(*digest) && stored.length == *size))
    }
}

/// Which keys an interrupted run may have filled.
enum There {
    Ask,
    Listed(HashMap<String, u64>),
}

impl There {
    fn may_hold(&self, key: &str, size: u64) -> bool {
        match self {
            Self::Ask => true,
            Self::Listed(lengths) => lengths.get(key) == Some(&size),
        }
    }
}

async fn may_be_there(publisher: &Publisher, uploads: usize) -> Result<There, StoreError> {
    if uploads < LIST_FROM {
        return Ok(There::Ask);
    }
    let listed = publisher.log.store.list(publisher.log.keys().prefix()).await?;
    Ok(There::Listed(listed.into_iter().map(|object| (object.key, object.length)).collect()))
}
