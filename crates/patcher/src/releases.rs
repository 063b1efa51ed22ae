//! The releases that a channel had, and going back to one.

use std::sync::Arc;

use jiff::Timestamp;
use naru_protocol::{
    FileEntry, FileList2017, FormatError, Keys, Locations, Manifest, ObjectId, Pointer, Record2017, Release,
};
use naru_store::ObjectRef;
use serde::Serialize;

use crate::history::{History, PastPointer};
use crate::presence::{self, ExpectedObject};
use crate::publish::{Index, Published, Publisher, Versions2017};
use crate::remote::{FoundDocument, ReadError, ReadPointer, find_document, read_file_list, unless_lost};
use crate::{Phase, PhaseProgress, PublishError, Total};

/// One release of a channel.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseSummary {
    /// Its number.
    pub number: u64,
    /// When it was published; the 2017 format does not say.
    pub date: Option<Timestamp>,
    /// The publisher's words.
    pub notes: String,
    /// How many files; zero where the 2017 format does not say.
    pub files: u64,
    /// How many bytes; zero where the 2017 format does not say.
    pub bytes: u64,
    /// The release whose content it names again.
    pub content_of: Option<u64>,
    /// Whether the 2017 publisher made it.
    pub made_by_2017: bool,
    /// Whether players get it now.
    pub live: bool,
}

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
    /// Its documents whose keys somebody has deleted: players need them back.
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

impl Publisher {
    /// Lists the releases of the channel, each number once and the highest first.
    pub async fn releases(&self) -> Result<Vec<ReleaseSummary>, PublishError> {
        let history = self.history().await?;
        history.warn(&*self.progress);
        Ok(history.releases().into_iter().map(summary).collect())
    }

    /// Looks for an earlier release, and whether the store still has all of it. Writes nothing.
    pub async fn plan_rollback(&self, number: u64) -> Result<RollbackPlan, PublishError> {
        crate::check_notes(&self.notes())?;
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
            notes: self.notes_after(release),
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
    pub async fn rollback(&self, plan: RollbackPlan) -> Result<Published, PublishError> {
        self.store.check_safety(&self.keys()).await?;
        for document in &plan.old.misplaced {
            self.put_document(&document.key, &document.id, document.stored.clone()).await?;
        }
        let list = list_for_2017(&plan)?;
        self.go_live(index(&plan, list), plan.live_pointer.as_ref()).await?;
        let invalidation = self.invalidate(plan.next).await;
        published(&plan.old.release, plan.next, invalidation)
    }

    /// Tells the edge of the live release once more, as [`Publisher::invalidate_again`] does: what an
    /// empty plan has left to do.
    pub async fn invalidate_rollback_again(&self, plan: &RollbackPlan) -> Option<String> {
        self.invalidate_live(plan.live_pointer.as_ref()?).await
    }

    /// The publisher's words, or those of the old release.
    fn notes_after(&self, release: &Release) -> String {
        let own = self.notes();
        if own.is_empty() { release.notes.clone() } else { own }
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
    let files = manifest.files().iter().zip(locations.versions());
    let object = |(entry, version): (&FileEntry, &String)| ExpectedObject {
        object: ObjectRef::at(keys.file(&entry.path), version),
        size: entry.size,
        digest: entry.digest,
    };
    files.map(object).collect()
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

fn summary(past: &PastPointer) -> ReleaseSummary {
    let pointer = &past.pointer;
    let release = pointer.release.as_ref();
    ReleaseSummary {
        number: pointer.version,
        date: release.map(|release| release.issued_at),
        notes: release.map(|release| release.notes.clone()).unwrap_or_default(),
        files: release.map_or(0, |release| release.files),
        bytes: release.map_or(0, |release| release.bytes),
        content_of: release.and_then(|release| release.content_of),
        made_by_2017: release.is_none(),
        live: past.is_live,
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

fn published(
    release: &Release,
    number: u64,
    invalidation: Option<String>,
) -> Result<Published, PublishError> {
    let named = release.manifests.first().ok_or(PublishError::NoRelease { number: release.number })?;
    Ok(Published {
        number,
        files: release.files,
        bytes: release.bytes,
        uploaded_bytes: 0,
        uploaded_files: 0,
        resumed_files: 0,
        resumed_bytes: 0,
        copied_files: 0,
        manifest: named.manifest.digest,
        invalidation,
    })
}
