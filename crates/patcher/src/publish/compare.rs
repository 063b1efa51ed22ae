//! Comparing a build with the live release: what changes, and where each file's bytes come from.

use std::collections::{BTreeMap, HashMap, HashSet};

use naru_protocol::{Digest, FileEntry, Keys, Manifest, Md5Digest, RelPath};
use naru_store::ObjectRef;

use super::base::Base;
use super::plan::{Change, ChangeKind};
use crate::hash::md5_of;
use crate::scan::BuildPlaces;
use crate::{PublishError, ScanError};

/// Where the store gets the bytes of a file that is not the live release's own object.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Another object of the live release.
    Copy(Box<CopyOf>),
    /// An object that an interrupted run has written.
    Sent(Box<SentObject>),
    /// The build folder, unless the store turns out to have the bytes.
    Upload,
    /// The build folder, whatever the store seems to have.
    Again,
}

/// An object to be copied.
#[derive(Debug, Clone)]
pub(super) struct CopyOf {
    pub(super) from: ObjectRef,
    pub(super) checksum: Md5Digest,
}

/// An object that is there already.
#[derive(Debug, Clone)]
pub(super) struct SentObject {
    pub(super) version: String,
    /// Where the store tells it.
    pub(super) md5: Option<Md5Digest>,
}

impl Source {
    pub(super) fn sent(version: String, md5: Option<Md5Digest>) -> Self {
        Self::Sent(Box::new(SentObject { version, md5 }))
    }
}

/// The files that need a new object or another one. All others stay what the live release names.
pub(super) type Sources = BTreeMap<RelPath, Source>;

pub(super) fn compare(
    places: &BuildPlaces,
    manifest: &Manifest,
    base: &Base,
    keys: &Keys,
) -> Result<(Sources, Vec<Change>), PublishError> {
    let mut changes = deleted(manifest, base);
    let gone: HashSet<RelPath> = changes.iter().map(|change| change.path.clone()).collect();
    let by_content = live_by_content(base, &gone);
    let mut sources = Sources::new();
    for entry in manifest.files() {
        let (source, kind) = source_of(places, entry, base, keys, &by_content)?;
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
    places: &BuildPlaces,
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
        let place = places.of(&entry.path);
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
    let copy = CopyOf { from, checksum: record.checksum };
    Some((Source::Copy(Box::new(copy)), other.path.clone()))
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
