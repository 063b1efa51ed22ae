//! Publishing: a build folder becomes the next release of a channel.
//!
//! Data, then index, then pointer: until the pointer is written, players see nothing, and a publish
//! that is killed anywhere before is continued by running it again.

mod go_live;
mod lost;
mod names_2017;
mod plan;
mod sent_before;
mod told;
mod upload;
mod versions_2017;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use naru_protocol::{Channel, Digest, Keys, Locations, ObjectId, Platform, PlatformManifest};
use naru_store::{
    FailureKind, Invalidator, Put, PutOptions, StoreError, UploadSource, WriteCondition, WriteStore,
};
use serde::Serialize;

pub(crate) use go_live::Index;
pub use plan::{Change, ChangeKind, PublishPlan};
use told::Told;
pub(crate) use versions_2017::Versions2017;

use crate::remote::{ReadError, ReadPointer, read_document};
use crate::{Phase, ProgressSink, PublishError, Total, Warning};
use crate::{check_pattern, plain_notes};

/// How an edge and a client keep the pointer: never without asking, and the edge for half a minute,
/// so that a release is seen soon even where the invalidation failed.
const POINTER_CACHING: &str = "public, max-age=0, s-maxage=30";

/// Every other object is named by its version or by its digest.
const IMMUTABLE_CACHING: &str = "public, max-age=31536000, immutable";

/// How long an invalidation is waited for. CloudFront documents "usually within a few minutes".
const INVALIDATION_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A live release that is younger than this may be that of a run which was killed before its
/// invalidation was through. An older one has long expired from the edge.
const INVALIDATED_AGAIN_WITHIN: SignedDuration = SignedDuration::from_mins(15);

/// What to publish, and where.
#[derive(Debug, Clone)]
pub struct PublishOptions {
    /// The build folder.
    pub build: PathBuf,
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The channel.
    pub channel: Channel,
    /// Release notes, at most 6 KiB.
    pub notes: String,
    /// Glob patterns of files that are written once and never again.
    pub preserve: Vec<String>,
    /// Glob patterns of files that a player may edit.
    pub config: Vec<String>,
    /// A per-user folder for the stat cache; without one, every file is read each time.
    pub cache: Option<PathBuf>,
    /// Uploads under way at once.
    pub uploads: usize,
    /// Whether a plan reads every object of the live release, instead of only asking whether it is
    /// there.
    pub check: bool,
}

impl PublishOptions {
    /// The defaults for a build folder: prefix `update`, channel `live`, 16 uploads at once.
    pub fn new(build: impl Into<PathBuf>) -> Self {
        Self {
            build: build.into(),
            prefix: "update".into(),
            channel: Channel::live(),
            notes: String::new(),
            preserve: Vec::new(),
            config: Vec::new(),
            cache: None,
            uploads: 16,
            check: false,
        }
    }
}

/// Publishes to one store.
pub struct Publisher {
    /// Where the releases go.
    pub store: Arc<dyn WriteStore>,
    /// The edge in front of it, where there is one.
    pub invalidator: Option<Arc<dyn Invalidator>>,
    /// Who is watching.
    pub progress: Arc<dyn ProgressSink>,
    /// What to publish.
    pub options: PublishOptions,
}

/// A release that players can see.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// Its number.
    pub number: u64,
    /// How many files it has.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Bytes of the build that were sent by this run.
    pub uploaded_bytes: u64,
    /// Files that were sent by this run.
    pub uploaded_files: u64,
    /// Files that were in the store already, though not in the live release.
    pub resumed_files: u64,
    /// Bytes that were in the store already: of these files, and parts of others.
    pub resumed_bytes: u64,
    /// Files whose bytes were already in the store under another name.
    pub copied_files: u64,
    /// The manifest's digest.
    pub manifest: Digest,
    /// The edge's name for the invalidation.
    pub invalidation: Option<String>,
}

impl Publisher {
    pub(crate) fn keys(&self) -> Keys {
        Keys::new(&self.options.prefix)
    }

    /// The publisher's words.
    pub(crate) fn notes(&self) -> String {
        plain_notes(&self.options.notes)
    }

    /// Scans the build folder and compares it with the live release. Writes nothing.
    pub async fn plan(&self) -> Result<PublishPlan, PublishError> {
        crate::check_notes(&self.notes())?;
        self.options.preserve.iter().chain(&self.options.config).try_for_each(|glob| check_pattern(glob))?;
        plan::make(self).await
    }

    /// Carries out a plan.
    pub async fn publish(&self, plan: PublishPlan) -> Result<Published, PublishError> {
        let keys = self.keys();
        self.store.check_safety(&keys).await?;
        let sent = upload::send(self, &plan).await?;
        let named = self.put_documents(&keys, &plan, &sent.versions).await?;
        let manifest = named.manifest.digest;
        let index = Index {
            epoch: plan.epoch,
            number: plan.next,
            files: plan.files,
            bytes: plan.bytes,
            notes: self.notes(),
            content_of: None,
            list: sent.list,
            manifests: vec![named],
        };
        self.go_live(index, plan.live_pointer()).await?;
        let invalidation = self.invalidate(plan.next).await;
        Ok(Published {
            number: plan.next,
            files: plan.files,
            bytes: plan.bytes,
            uploaded_bytes: sent.bytes,
            uploaded_files: sent.files,
            resumed_files: sent.resumed,
            resumed_bytes: sent.resumed_bytes,
            copied_files: sent.copied,
            manifest,
            invalidation,
        })
    }

    /// Tells the edge of a plan's live release once more, where an earlier run may have been killed
    /// before it did: what an empty plan has left to do.
    pub async fn invalidate_again(&self, plan: &PublishPlan) -> Option<String> {
        self.invalidate_live(plan.live_pointer()?).await
    }

    pub(crate) async fn invalidate_live(&self, live: &ReadPointer) -> Option<String> {
        let live = live.pointer.release.as_ref()?;
        if Timestamp::now().duration_since(live.issued_at) > INVALIDATED_AGAIN_WITHIN {
            return None;
        }
        if self.told().is_some_and(|told| told.is(live.number)) {
            return None;
        }
        self.invalidate(live.number).await
    }

    fn told(&self) -> Option<Told> {
        let key = self.keys().pointer(&self.options.channel);
        self.options.cache.as_deref().map(|cache| Told::of(cache, self.store.name(), &key))
    }

    async fn put_documents(
        &self,
        keys: &Keys,
        plan: &PublishPlan,
        versions: &[String],
    ) -> Result<PlatformManifest, PublishError> {
        let (manifest, stored) = ObjectId::pack(&plan.manifest().encode()?)?;
        let document = Locations::new(manifest.digest, versions.to_vec()).encode()?;
        self.put_document(&keys.manifest(&manifest.digest), &manifest, stored).await?;
        let (locations, stored) = ObjectId::pack(&document)?;
        self.put_document(&keys.locations(&locations.digest), &locations, stored).await?;
        Ok(PlatformManifest { platform: Platform::Any, manifest, locations })
    }

    /// Writes an immutable document and reads it back: the pointer must not name what is not there.
    pub(crate) async fn put_document(
        &self,
        key: &str,
        id: &ObjectId,
        stored: Vec<u8>,
    ) -> Result<(), PublishError> {
        let stored = Bytes::from(stored);
        // The name is the digest, so what is there already is the same. Where it is not, somebody has
        // overwritten it, and the second round writes over that.
        for condition in [WriteCondition::Absent, WriteCondition::None] {
            let options = PutOptions {
                cache_control: Some(IMMUTABLE_CACHING),
                content_type: Some("application/zstd"),
                digest: None,
            };
            let source = UploadSource::Bytes(stored.clone());
            match self.store.put(key, source, condition, options, &()).await {
                Err(error) if error.kind == FailureKind::Precondition => {}
                other => drop(other?),
            }
            match read_document(&*self.store, key, id).await {
                Ok(_) => return Ok(()),
                Err(ReadError::Format(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(PublishError::ReadBack { key: key.into() })
    }

    async fn put_json(
        &self,
        key: &str,
        bytes: Vec<u8>,
        condition: WriteCondition,
        caching: &'static str,
    ) -> Result<Put, StoreError> {
        let options =
            PutOptions { cache_control: Some(caching), content_type: Some("application/json"), digest: None };
        self.store.put(key, UploadSource::Bytes(bytes.into()), condition, options, &()).await
    }

    /// Tells the edge and waits for it. The release is out whatever the edge answers, so a failure
    /// is a warning.
    pub(crate) async fn invalidate(&self, number: u64) -> Option<String> {
        let invalidator = self.invalidator.as_ref()?;
        let key = self.keys().pointer(&self.options.channel);
        let _watcher = self.progress.start(Phase::Invalidate, Total::default());
        let work = async {
            let mut state = invalidator.invalidate(&key).await?;
            while !state.completed {
                tokio::time::sleep(invalidator.poll_interval()).await;
                state = invalidator.progress(&state.id).await?;
            }
            Ok::<_, StoreError>(state.id)
        };
        let problem = match tokio::time::timeout(INVALIDATION_PATIENCE, work).await {
            Ok(Ok(id)) => {
                self.told().inspect(|told| told.note(number));
                return Some(id);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "not completed after 15 minutes".to_owned(),
        };
        self.progress.warn(Warning::NotInvalidated(problem));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RollbackPlan;

    fn is_send(future: impl Send) {
        drop(future);
    }

    /// Never called: that it compiles is the test.
    #[allow(dead_code, reason = "only its types matter")]
    fn every_future_may_run_on_any_thread(publisher: &Publisher, plan: PublishPlan, back: RollbackPlan) {
        is_send(publisher.plan());
        is_send(publisher.invalidate_again(&plan));
        is_send(publisher.publish(plan));
        is_send(publisher.releases());
        is_send(publisher.plan_rollback(1));
        is_send(publisher.rollback(back));
    }
}
