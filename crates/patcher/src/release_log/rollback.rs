//! Going back to an earlier release: its content gets a new number, and no byte is sent again.

use std::sync::Arc;

use naru_protocol::{
    FileEntry, FileList2017, FormatError, Keys, Locations, Manifest, ObjectId, Pointer, Record2017, Release,
};
use naru_store::ObjectRef;
use serde::Serialize;

use super::{History, Index, Published, ReleaseLog, Versions2017};
use crate::presence::{self, ExpectedObject};
use crate::remote::{FoundDocument, ReadError, ReadPointer, find_document, read_file_list, unless_lost};
use crate::{Phase, PhaseProgress, PublishError, Total, check_notes, plain_notes};

/// What a rollback will do.
#[derive(Debug, Serialize)]
pub struct RollbackPlan {
    /// The release whose content is wanted.
    pub number: u64,
    /// The live release.
    pub live: Option<u64>,
    /// The number of the new one.
    pub next: u64,
    /// Files of the new release.
    pub files: u64,
    /// Bytes of the new release.
    pub bytes: u64,
    /// The notes of the new one.
    pub notes: String,
    #[serde(skip)]
    is_live: bool,
    #[serde(skip)]
    epoch: u64,
    /// What the store has of the wanted release.
    #[serde(skip)]
    old: OldRelease,
    #[serde(skip)]
    versions_2017: Versions2017,
    #[serde(skip)]
    live_pointer: Option<ReadPointer>,
}

/// What an old release is named by, once all of it has been found.
#[derive(Debug)]
struct OldRelease {
    release: Release,
    list: FileList2017,
    /// Its documents whose keys were deleted: they are written again.
    misplaced: Vec<OldDocument>,
}

/// A manifest or its locations, as the store has it.
#[derive(Debug)]
struct OldDocument {
    key: String,
    id: ObjectId,
    stored: Vec<u8>,
}

impl RollbackPlan {
    /// Whether players get this content already.
    pub fn is_empty(&self) -> bool {
        self.is_live
    }
}

impl ReleaseLog {
    /// Looks for an earlier release, and whether the store still has all of it. Writes nothing. The
    /// new release has these notes, or those of the old one where there are none.
    pub async fn plan_rollback(&self, number: u64, notes: &str) -> Result<RollbackPlan, PublishError> {
        let notes = plain_notes(notes);
        check_notes(&notes)?;
        // Before the history, for the reason that `history` gives.
        let live = self.live_pointer().await;
        let history = self.history().await?;
        history.warn(&*self.progress);
        let live = live?;
        let releases = history.releases();
        let wanted = releases.iter().find(|past| past.pointer.version == number);
        let wanted = &wanted.ok_or(PublishError::NoRelease { number })?.pointer;
        let release = wanted.release.as_ref().ok_or(PublishError::Release2017 { number })?;
        // Of two releases with the same files the live one is the better source: its objects may have
        // been sent again since.
        let same = live.as_ref().map(|live| &live.pointer).filter(|live| has_content_of(live, release));
        let old = self.find_release(same.unwrap_or(wanted)).await?;
        let is_live = same.is_some_and(|live| !history.outranks(live)) && old.misplaced.is_empty();
        let versions_2017 = self.versions_after(live.as_ref(), &history).await?;
        let next = history.next()?;
        Ok(RollbackPlan {
            number,
            live: live.as_ref().map(|live| live.pointer.version),
            next: next.number,
            files: release.files,
            bytes: release.bytes,
            notes: if notes.is_empty() { release.notes.clone() } else { notes },
            is_live,
            epoch: next.epoch,
            versions_2017: versions_2017.with(old.list.clone()),
            old,
            live_pointer: live,
        })
    }

    /// The lists that 2017 clients may hold when the next release comes.
    async fn versions_after(
        &self,
        live: Option<&ReadPointer>,
        history: &History,
    ) -> Result<Versions2017, PublishError> {
        let Some(live) = live else {
            return Versions2017::read(self, None, history).await;
        };
        let list = read_file_list(&*self.store, &self.keys(), &live.pointer).await;
        let list = unless_lost(list)?.unwrap_or_default();
        Versions2017::read(self, Some((&live.pointer, &list)), history).await
    }

    /// Publishes the content of an earlier release under a new number. No byte of it is sent again.
    /// If players get this content already, nothing is published, and the invalidation is repeated in case
    /// an earlier run was killed before it.
    pub async fn roll_back(&self, plan: RollbackPlan) -> Result<Published, PublishError> {
        if let Some(live) = plan.live_pointer.as_ref().filter(|_| plan.is_empty()) {
            return self.stay_live(live).await;
        }
        self.store.check_safety(&self.keys()).await?;
        // Players look for the documents under their keys, not by versions.
        for document in &plan.old.misplaced {
            self.put_document(&document.key, &document.id, document.stored.clone()).await?;
        }
        let list = list_for_2017(&plan)?;
        self.go_live(index(&plan, list), plan.live_pointer.as_ref()).await?;
        let invalidation = self.invalidate(plan.next).await;
        Published::without_upload(&plan.old.release, plan.next, invalidation)
    }

    /// Finds all that an old release is made of. Fails where the store has lost some of it, to a
    /// lifecycle rule or to a hand: players could not install it.
    async fn find_release(&self, pointer: &Pointer) -> Result<OldRelease, PublishError> {
        let (keys, number) = (self.keys(), pointer.version);
        let release = pointer.release.clone().ok_or(PublishError::Release2017 { number })?;
        let list = read_file_list(&*self.store, &keys, pointer).await.map_err(gone(number))?;
        let mut misplaced = Vec::new();
        for named in &release.manifests {
            let manifest = keys.manifest(&named.manifest.digest);
            let manifest = self.find_old(number, manifest, &named.manifest, &mut misplaced).await?;
            let manifest = Manifest::decode(&manifest)?;
            let locations = keys.locations(&named.locations.digest);
            let locations = self.find_old(number, locations, &named.locations, &mut misplaced).await?;
            let locations = Locations::decode(&locations, &manifest, &named.manifest.digest)?;
            self.check_objects(number, expected(&keys, &manifest, &locations)).await?;
        }
        Ok(OldRelease { release, list, misplaced })
    }

    async fn find_old(
        &self,
        number: u64,
        key: String,
        id: &ObjectId,
        misplaced: &mut Vec<OldDocument>,
    ) -> Result<Vec<u8>, PublishError> {
        let Some(FoundDocument { document, is_in_place }) = find_document(&*self.store, &key, id).await?
        else {
            return Err(PublishError::Gone { number, key, version: None });
        };
        if !is_in_place {
            misplaced.push(OldDocument { key, id: id.clone(), stored: document.stored });
        }
        Ok(document.bytes)
    }

    async fn check_objects(&self, number: u64, files: Vec<ExpectedObject>) -> Result<(), PublishError> {
        let total = Total { bytes: None, items: Some(files.len() as u64) };
        let watcher: Arc<dyn PhaseProgress> = self.progress.start(Phase::Verify, total).into();
        let missing = presence::missing(&self.store, self.keys().prefix(), files, &*watcher).await?;
        match missing.into_iter().next() {
            None => Ok(()),
            Some(ExpectedObject { object: ObjectRef { key, version }, .. }) => {
                Err(PublishError::Gone { number, key, version })
            }
        }
    }
}

fn expected(keys: &Keys, manifest: &Manifest, locations: &Locations) -> Vec<ExpectedObject> {
    let object = |(entry, version): (&FileEntry, &str)| ExpectedObject {
        object: ObjectRef::at(keys.file(&entry.path), version),
        size: entry.size,
        digest: entry.digest,
    };
    locations.located(manifest).map(object).collect()
}

/// Whether a live release has the same files as another release, on every system.
fn has_content_of(live: &Pointer, release: &Release) -> bool {
    let content = |release: &Release| -> Vec<_> {
        release.manifests.iter().map(|named| (named.platform, named.manifest.digest)).collect()
    };
    live.release.as_ref().is_some_and(|live| content(live) == content(release))
}

fn gone(number: u64) -> impl Fn(ReadError) -> PublishError {
    move |error| match error {
        ReadError::Store(error) if error.is_not_found() => {
            PublishError::Gone { number, key: error.key, version: None }
        }
        other => other.into(),
    }
}

/// A 2017 client fetches what has a larger version than its own: whatever differs from what it may
/// have gets the new number.
fn list_for_2017(plan: &RollbackPlan) -> Result<FileList2017, FormatError> {
    let mut list = FileList2017::default();
    for (path, record) in plan.old.list.iter() {
        let version = plan.versions_2017.version(path, Some(&record.checksum), plan.next)?;
        list.insert(path.clone(), Record2017 { version, ..record.clone() });
    }
    Ok(list)
}

fn index(plan: &RollbackPlan, list: FileList2017) -> Index {
    let release = &plan.old.release;
    Index {
        epoch: plan.epoch,
        number: plan.next,
        files: release.files,
        bytes: release.bytes,
        notes: plan.notes.clone(),
        content_of: Some(release.content_of.unwrap_or(release.number)),
        list,
        manifests: release.manifests.clone(),
    }
}
