//! The plan of a publish: what differs from the live release, and where each file's bytes come from.

use std::collections::{BTreeMap, HashMap, HashSet};

use naru_protocol::{Digest, FileEntry, FileList2017, FormatError, Keys, Manifest, Md5Digest, RelPath};
use naru_store::ObjectRef;
use serde::Serialize;

use super::{Publisher, lost, names_2017, sent_before};
use crate::hash::md5_of;
use crate::release_log::{History, Next, Versions2017};
use crate::remote::{ReadPointer, find_manifest, read_file_list, unless_lost};
use crate::scan::{BuildTree, scan_build};
use crate::{PublishError, ScanError, Warning};

/// What happens to one file of the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where it goes.
    pub path: RelPath,
    /// Its length in bytes; of a deleted file, the length that it had, where the live release says.
    pub size: u64,
    /// What happens.
    #[serde(flatten)]
    pub kind: ChangeKind,
}

/// The difference between a file of the build and the live release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeKind {
    /// A new path.
    New,
    /// Other bytes.
    Changed,
    /// The bytes of a path that is gone.
    Moved {
        /// The path that is gone.
        from: RelPath,
    },
    /// The path is gone.
    Deleted,
    /// Only the executable bit.
    Mode,
}

/// Where the store gets the bytes of a file that is not the live release's own object.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Another object of the live release.
    Copy { from: ObjectRef, checksum: Md5Digest },
    /// An object that an interrupted run has written, with its MD5 if the store tells.
    Sent { version: String, md5: Option<Md5Digest> },
    /// The build folder, unless the store turns out to have the bytes.
    Upload,
    /// The build folder, whatever the store seems to have.
    Again,
}

/// The files that need a new object or another one. All others stay what the live release names.
pub(super) type Sources = BTreeMap<RelPath, Source>;

/// What a publish will do.
#[derive(Debug, Serialize)]
pub struct PublishPlan {
    /// All differences, sorted by path.
    pub changes: Vec<Change>,
    /// The live release.
    pub live: Option<u64>,
    /// The highest number that was ever published on the channel.
    pub highest: Option<u64>,
    /// Whether some players may have a release that the live one does not follow, because somebody has
    /// put an older pointer in place: they need a new number.
    pub outranked: bool,
    /// Keys of the live release that the store has lost, and that the new one brings back.
    pub lost: Vec<String>,
    /// The number of the new one.
    pub next: u64,
    /// Files of the new release.
    pub files: u64,
    /// Bytes of the new release.
    pub bytes: u64,
    /// Bytes that have to be sent.
    pub upload_bytes: u64,
    /// Bytes that are in the store already, though not in the live release: an interrupted run has sent
    /// them, or a release that was rolled back.
    pub resumed_bytes: u64,
    /// Whether the bucket was filled by the 2017 publisher until now.
    pub takes_over_2017: bool,
    /// Whether what belongs to the player is said otherwise than in the live release.
    pub changed_patterns: bool,
    /// Patterns of the live release that the new one no longer has: files that they kept for players
    /// are replaced and removed from then on.
    pub dropped_patterns: Vec<String>,
    #[serde(skip)]
    pub(super) epoch: u64,
    #[serde(skip)]
    pub(super) tree: BuildTree,
    #[serde(skip)]
    manifest: Manifest,
    #[serde(skip)]
    pub(super) base: Base,
    #[serde(skip)]
    pub(super) sources: Sources,
}

impl PublishPlan {
    /// Whether the build is the live release.
    pub fn is_empty(&self) -> bool {
        let is_same = self.changes.is_empty() && !self.takes_over_2017 && !self.changed_patterns;
        is_same && self.live.is_some() && !self.outranked && self.lost.is_empty()
    }

    /// The manifest of the new release.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The 2017 version of a file of the new release.
    pub(super) fn version_2017(
        &self,
        path: &RelPath,
        checksum: Option<&Md5Digest>,
    ) -> Result<u64, FormatError> {
        self.base.versions_2017.version(path, checksum, self.next)
    }

    /// Fails, before anything is sent, where a file has no 2017 version left.
    fn check_versions_2017(&self) -> Result<(), FormatError> {
        // Which bytes are sent is not known yet, so they count as others.
        self.sources.keys().try_for_each(|path| self.version_2017(path, None).map(drop))
    }

    /// The live release, where it is what would be published.
    pub(super) fn already_live(&self) -> Option<&ReadPointer> {
        self.live_pointer().filter(|_| self.is_empty())
    }

    pub(super) fn live_pointer(&self) -> Option<&ReadPointer> {
        self.base.pointer.as_ref()
    }
}

/// The live release, as far as the next one builds on it.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) pointer: Option<ReadPointer>,
    /// `None` also where the store has lost it; the list tells what is live then.
    manifest: Option<Manifest>,
    pub(super) list: FileList2017,
    pub(super) list_is_lost: bool,
    versions_2017: Versions2017,
    next: Next,
    highest: Option<u64>,
    outranked: bool,
}

impl Base {
    fn entry(&self, path: &RelPath) -> Option<&FileEntry> {
        self.manifest.as_ref()?.get(path)
    }

    fn is_2017(&self) -> bool {
        self.pointer.as_ref().is_some_and(|live| live.pointer.release.is_none())
    }
}

pub(super) async fn make(publisher: &Publisher) -> Result<PublishPlan, PublishError> {
    let keys = publisher.log.keys();
    // 1. Scan the build folder, 2. and read the pointer's history meanwhile.
    let ((tree, manifest), (live, history)) = tokio::try_join!(scan(publisher), past(publisher))?;
    warn_of_names_2017(publisher, &manifest, &history);
    // 3. Compare it with the live release: what is there already is not sent.
    let base = read_base(publisher, &manifest, live, &history).await?;
    let (mut sources, changes) = compare(&tree, &manifest, &base, &keys)?;
    // A lifecycle rule or a hand may have taken objects that the live release still names. A release
    // that named them again could not be installed.
    let lost = lost::mark(publisher, &manifest, &base, &mut sources).await?;
    if !lost.is_empty() {
        publisher.log.progress.warn(Warning::LostObjects(lost.clone()));
    }
    let resumed = sent_before::mark(publisher, &manifest, &mut sources).await?;
    let mut plan = assemble(tree, manifest, base, sources, changes)?;
    plan.lost = lost;
    plan.resumed_bytes = resumed.whole + resumed.parts;
    plan.upload_bytes -= resumed.parts;
    Ok(plan)
}

async fn past(publisher: &Publisher) -> Result<(Option<ReadPointer>, History), PublishError> {
    // The live pointer first: whatever is published after it is read changes its tag, so that the
    // number which the history gives can't be given twice.
    let live = publisher.log.live_pointer().await?;
    Ok((live, publisher.log.history().await?))
}

/// 2017 clients follow the channel `live` only, and only where their tool has published.
fn warn_of_names_2017(publisher: &Publisher, manifest: &Manifest, history: &History) {
    if !publisher.log.options.channel.is_live() || !history.has_2017_releases() {
        return;
    }
    let unreachable = names_2017::unreachable(manifest.files().iter().map(|entry| &entry.path));
    if !unreachable.is_empty() {
        publisher.log.progress.warn(Warning::NotFor2017(unreachable));
    }
}

async fn scan(publisher: &Publisher) -> Result<(BuildTree, Manifest), PublishError> {
    let options = publisher.options.clone();
    let cache = publisher.log.options.cache.clone();
    let progress = publisher.log.progress.clone();
    let work = move || -> Result<_, ScanError> {
        let tree = scan_build(&options.build, cache.as_deref(), &*progress)?;
        let manifest = tree.manifest(&options.preserve, &options.config)?;
        Ok((tree, manifest))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
    }
}

async fn read_base(
    publisher: &Publisher,
    manifest: &Manifest,
    live: Option<ReadPointer>,
    history: &History,
) -> Result<Base, PublishError> {
    let list = match &live {
        Some(live) => {
            unless_lost(read_file_list(&*publisher.log.store, &publisher.log.keys(), &live.pointer).await)?
        }
        None => None,
    };
    let list_is_lost = live.is_some() && list.is_none();
    let list = list.unwrap_or_default();
    let live_list = live.as_ref().map(|live| (&live.pointer, &list));
    let versions_2017 = Versions2017::read(&publisher.log, live_list, history).await?;
    Ok(Base {
        manifest: live_manifest(publisher, manifest, live.as_ref()).await?,
        list_is_lost,
        versions_2017,
        next: history.next()?,
        highest: history.highest(),
        outranked: live.as_ref().is_some_and(|live| history.outranks(&live.pointer)),
        list,
        pointer: live,
    })
}

async fn live_manifest(
    publisher: &Publisher,
    manifest: &Manifest,
    live: Option<&ReadPointer>,
) -> Result<Option<Manifest>, PublishError> {
    let release = live.and_then(|live| live.pointer.release.as_ref());
    let Some(named) = release.and_then(|release| release.manifests.first()) else {
        return Ok(None);
    };
    // The same tree gives the same manifest, so the name alone says what is in it.
    if named.manifest.digest == Digest::of(&manifest.encode()?) {
        return Ok(Some(manifest.clone()));
    }
    Ok(find_manifest(&*publisher.log.store, &publisher.log.keys(), named).await?)
}

fn compare(
    tree: &BuildTree,
    manifest: &Manifest,
    base: &Base,
    keys: &Keys,
) -> Result<(Sources, Vec<Change>), PublishError> {
    let mut changes = deleted(manifest, base);
    let gone: HashSet<RelPath> = changes.iter().map(|change| change.path.clone()).collect();
    let by_content = live_by_content(base, &gone);
    let mut sources = Sources::new();
    for entry in manifest.files() {
        let (source, kind) = source_of(tree, entry, base, keys, &by_content)?;
        if let Some(source) = source {
            sources.insert(entry.path.clone(), source);
        }
        if let Some(kind) = kind {
            let path = entry.path.clone();
            changes.push(Change { path, size: entry.size, kind });
        }
    }
    claim_moves(&mut changes);
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok((sources, changes))
}

fn deleted(manifest: &Manifest, base: &Base) -> Vec<Change> {
    let paths = base.list.iter().map(|(path, _)| path);
    let gone = paths.filter(|path| manifest.get(path).is_none());
    let change = |path: &RelPath| {
        let size = base.entry(path).map_or(0, |entry| entry.size);
        Change { path: path.clone(), size, kind: ChangeKind::Deleted }
    };
    gone.map(change).collect()
}

/// Live files by their bytes; of several, one that is going away, so that a move is seen as one.
fn live_by_content<'a>(base: &'a Base, gone: &HashSet<RelPath>) -> HashMap<Digest, &'a FileEntry> {
    let mut by_content = HashMap::new();
    for entry in base.manifest.iter().flat_map(|manifest| manifest.files()) {
        if gone.contains(&entry.path) {
            by_content.insert(entry.digest, entry);
        } else {
            by_content.entry(entry.digest).or_insert(entry);
        }
    }
    by_content
}

/// Where a file's bytes come from, if they are not the live release's own object, and what changes.
fn source_of(
    tree: &BuildTree,
    entry: &FileEntry,
    base: &Base,
    keys: &Keys,
    by_content: &HashMap<Digest, &FileEntry>,
) -> Result<(Option<Source>, Option<ChangeKind>), PublishError> {
    let record = base.list.get(&entry.path);
    let live = base.entry(&entry.path);
    if let (Some(live), Some(_)) = (live, record)
        && live.digest == entry.digest
    {
        let kind = (live.executable != entry.executable).then_some(ChangeKind::Mode);
        return Ok((None, kind));
    }
    if let Some(record) = record
        && base.manifest.is_none()
    {
        let place = tree.place(&entry.path);
        let checksum = md5_of(&place).map_err(ScanError::io(&place))?;
        // An object under a decomposed name is not found under the composed one.
        let same = checksum == record.checksum && record.listed_as.is_none();
        return Ok(if same { (None, None) } else { (Some(Source::Upload), Some(ChangeKind::Changed)) });
    }
    let kind = if record.is_some() { ChangeKind::Changed } else { ChangeKind::New };
    let Some((source, from)) = by_content.get(&entry.digest).and_then(|other| copy_of(other, base, keys))
    else {
        return Ok((Some(Source::Upload), Some(kind)));
    };
    let moved = kind == ChangeKind::New;
    Ok((Some(source), Some(if moved { ChangeKind::Moved { from } } else { kind })))
}

fn copy_of(other: &FileEntry, base: &Base, keys: &Keys) -> Option<(Source, RelPath)> {
    let record = base.list.get(&other.path)?;
    let from = ObjectRef::at(keys.file(&other.path), &record.s3_versionid);
    Some((Source::Copy { from, checksum: record.checksum }, other.path.clone()))
}

/// A path can only have moved to one place, and only when it is gone; every further one is a copy.
fn claim_moves(changes: &mut Vec<Change>) {
    let mut gone: HashSet<RelPath> = HashSet::new();
    for change in changes.iter().filter(|change| change.kind == ChangeKind::Deleted) {
        gone.insert(change.path.clone());
    }
    let mut claimed = HashSet::new();
    for change in changes.iter_mut() {
        if let ChangeKind::Moved { from } = &change.kind
            && !(gone.contains(from) && claimed.insert(from.clone()))
        {
            change.kind = ChangeKind::New;
        }
    }
    changes.retain(|change| change.kind != ChangeKind::Deleted || !claimed.contains(&change.path));
}

fn assemble(
    tree: BuildTree,
    manifest: Manifest,
    base: Base,
    sources: Sources,
    changes: Vec<Change>,
) -> Result<PublishPlan, PublishError> {
    let is_sent = |path| matches!(sources.get(path), Some(Source::Upload | Source::Again));
    let sent = manifest.files().iter().filter(|entry| is_sent(&entry.path));
    let plan = PublishPlan {
        live: base.pointer.as_ref().map(|live| live.pointer.version),
        highest: base.highest,
        outranked: base.outranked,
        lost: Vec::new(),
        epoch: base.next.epoch,
        next: base.next.number,
        files: manifest.files().len() as u64,
        bytes: manifest.total_bytes(),
        upload_bytes: sent.map(|entry| entry.size).sum(),
        resumed_bytes: 0,
        takes_over_2017: base.is_2017(),
        dropped_patterns: base.manifest.as_ref().map(|live| dropped(live, &manifest)).unwrap_or_default(),
        changed_patterns: base.manifest.as_ref().is_some_and(|live| patterns(live) != patterns(&manifest)),
        changes,
        tree,
        manifest,
        base,
        sources,
    };
    plan.check_versions_2017()?;
    Ok(plan)
}

fn dropped(live: &Manifest, next: &Manifest) -> Vec<String> {
    let gone = |old: &[String], new: &[String]| -> Vec<String> {
        old.iter().filter(|pattern| !new.contains(pattern)).cloned().collect()
    };
    [gone(live.preserve(), next.preserve()), gone(live.config(), next.config())].concat()
}

fn patterns(manifest: &Manifest) -> (&[String], &[String]) {
    (manifest.preserve(), manifest.config())
}
