//! What an interrupted publish has sent already. It is looked for when the plan is made, so that the
//! plan says what will really travel.

use std::collections::HashMap;
use std::sync::Arc;

use futures::stream::{self, StreamExt, TryStreamExt};
use naru_protocol::{Digest, Manifest, Md5Digest, RelPath};
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
pub(super) async fn mark(
    publisher: &Publisher,
    manifest: &Manifest,
    sources: &mut Sources,
) -> Result<Resumed, StoreError> {
    let is_upload = |path: &RelPath| matches!(sources.get(path), Some(Source::Upload));
    let uploads: Vec<_> = manifest.files().iter().filter(|entry| is_upload(&entry.path)).collect();
    let there = may_be_there(publisher, uploads.len()).await?;
    let keys = publisher.log.keys();
    let questions = uploads.into_iter().map(|entry| {
        let key = keys.file(&entry.path);
        let maybe_there = there.may_hold(&key, entry.size);
        let (store, path) = (Arc::clone(&publisher.log.store), entry.path.clone());
        let question = Question { store, path, key, size: entry.size, digest: entry.digest, maybe_there };
        question.ask()
    });
    let questions: Vec<_> = questions.collect();
    let answers: Vec<Answer> = stream::iter(questions).buffer_unordered(CONCURRENT).try_collect().await?;
    let mut resumed = Resumed::default();
    for Answer { path, size, before } in answers {
        match before {
            Before::Whole { version, md5 } => {
                resumed.whole += size;
                sources.insert(path, Source::Sent { version, md5 });
            }
            Before::Parts(bytes) => resumed.parts += bytes.min(size),
        }
    }
    Ok(resumed)
}

struct Answer {
    path: RelPath,
    size: u64,
    before: Before,
}

/// What an interrupted run has sent of one file.
enum Before {
    Whole { version: String, md5: Option<Md5Digest> },
    Parts(u64),
}

/// One file that is to be sent; owns all it needs, as a stream of references would tie the future to
/// one thread.
struct Question {
    store: Arc<dyn WriteStore>,
    path: RelPath,
    key: String,
    size: u64,
    digest: Digest,
    maybe_there: bool,
}

impl Question {
    async fn ask(self) -> Result<Answer, StoreError> {
        let before = match self.ours().await? {
            Some(Stored { version: Some(version), md5, .. }) => Before::Whole { version, md5 },
            _ => Before::Parts(self.store.arrived_bytes(&self.key, self.size, &self.digest).await?),
        };
        Ok(Answer { path: self.path, size: self.size, before })
    }

    /// The object at the key, if its recorded digest is ours.
    async fn ours(&self) -> Result<Option<Stored>, StoreError> {
        if !self.maybe_there {
            return Ok(None);
        }
        let stored = self.store.stat(&ObjectRef::newest(&self.key)).await?;
        Ok(stored.filter(|stored| stored.digest == Some(self.digest) && stored.length == self.size))
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
