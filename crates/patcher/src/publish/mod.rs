//! Publishing: a build folder becomes the next release of a channel.
//!
//! Data, then index, then pointer: until the pointer is written, players see nothing, and a publish
//! that is killed anywhere before is continued by running it again.

mod base;
mod compare;
mod lost;
mod names_2017;
mod plan;
mod prediction;
mod sent_before;
mod upload;

use std::path::PathBuf;

use naru_protocol::{Channel, Keys, Locations, ObjectId, Platform, PlatformManifest};

pub use plan::{Change, ChangeKind, PublishPlan};
pub use prediction::Prediction;

use crate::release_log::{Index, Published, ReleaseLog};
use crate::{PublishError, check_notes, check_pattern, plain_notes};

/// What to publish.
#[derive(Debug, Clone)]
pub struct PublishOptions {
    /// The build folder.
    pub build: PathBuf,
    /// Release notes, at most 6 KiB.
    pub notes: String,
    /// Glob patterns of files that are written once and never again.
    pub preserve: Vec<String>,
    /// Glob patterns of files that a player may edit.
    pub config: Vec<String>,
    /// Uploads under way at once.
    pub uploads: usize,
    /// Whether a plan reads every object of the live release, instead of only asking whether it is
    /// there.
    pub check: bool,
}

impl PublishOptions {
    /// The defaults for a build folder: no notes, no patterns, 16 uploads at once.
    pub fn new(build: impl Into<PathBuf>) -> Self {
        Self {
            build: build.into(),
            notes: String::new(),
            preserve: Vec::new(),
            config: Vec::new(),
            uploads: 16,
            check: false,
        }
    }
}

/// Publishes a build folder to a channel.
pub struct Publisher {
    log: ReleaseLog,
    options: PublishOptions,
}

impl Publisher {
    /// Publishes to the channel of a log.
    pub fn new(log: ReleaseLog, options: PublishOptions) -> Self {
        Self { log, options }
    }

    /// The channel that it publishes to.
    pub fn channel(&self) -> &Channel {
        self.log.channel()
    }

    /// Scans the build folder and compares it with the live release. Writes nothing.
    pub async fn plan(&self) -> Result<PublishPlan, PublishError> {
        check_notes(&self.notes())?;
        self.options.preserve.iter().chain(&self.options.config).try_for_each(|glob| check_pattern(glob))?;
        plan::make(self).await
    }

    /// Carries out a plan. Where the build is the live release already, nothing is published, and the
    /// invalidation is repeated in case an earlier run was killed before it.
    pub async fn publish(&self, mut plan: PublishPlan) -> Result<Published, PublishError> {
        if let Some(live) = plan.already_live() {
            return self.log.stay_live(live).await;
        }
        let keys = self.log.keys();
        // 4. The store shows that it keeps versions and honours conditions. One that does neither would
        //    let an upload change the files of a release that players are installing.
        self.log.store.check_safety(&keys).await?;
        // 5. Data before index: what is named later is there by then.
        let sources = std::mem::take(&mut plan.sources);
        let sent = upload::send(self, &plan, sources).await?;
        // 6. The documents, read back: the pointer must not name what a store has lost or altered.
        let named = self.put_documents(&keys, &plan, sent.versions).await?;
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
        // 7. The pointer, on condition that it is still the one that the plan was made against.
        self.log.go_live(index, plan.live_pointer()).await?;
        // 8. The edge drops its copy, so that players see the release now and not when that expires.
        let invalidation = self.log.invalidate(plan.next).await;
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

    /// The publisher's words.
    fn notes(&self) -> String {
        plain_notes(&self.options.notes)
    }

    async fn put_documents(
        &self,
        keys: &Keys,
        plan: &PublishPlan,
        versions: Vec<String>,
    ) -> Result<PlatformManifest, PublishError> {
        let (manifest, stored) = ObjectId::pack(&plan.manifest().encode()?)?;
        let document = Locations::new(manifest.digest, versions).encode()?;
        self.log.put_document(&keys.manifest(&manifest.digest), &manifest, stored).await?;
        let (locations, stored) = ObjectId::pack(&document)?;
        self.log.put_document(&keys.locations(&locations.digest), &locations, stored).await?;
        Ok(PlatformManifest { platform: Platform::Any, manifest, locations })
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
    fn every_future_may_run_on_any_thread(
        (publisher, log): (&Publisher, &ReleaseLog),
        (plan, back): (PublishPlan, RollbackPlan),
    ) {
        is_send(publisher.plan());
        is_send(publisher.predict(&plan, 1));
        is_send(publisher.publish(plan));
        is_send(log.releases());
        is_send(log.plan_rollback(1, ""));
        is_send(log.roll_back(back));
    }
}
