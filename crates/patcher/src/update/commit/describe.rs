//! Describing a commit: when everything is staged, a plan becomes the journal and the documents that go
//! with it.

use std::borrow::Cow;
use std::cell::LazyCell;

use naru_protocol::{FileEntry, Locations, Manifest, ObjectId};

use crate::UpdateError;
use crate::disk::{FileStat, Seen, open_file};
use crate::hash::hash_open;
use crate::install_folder::{
    Delete, Installed, Journal, OwnFolder, RowUpdate, Stage, StagedName, holds_modes,
};
use crate::release::{Content, Documents, NamedDocuments, ReleaseHead, WantedFile};
use crate::update::compare::Leaving;
use crate::update::plan::{PlannedFile, UpdatePlan};

/// Works out the journal and the documents that go with it.
pub(super) fn describe(
    own: &OwnFolder,
    stage: &Stage,
    plan: UpdatePlan,
) -> Result<(Journal, Documents), UpdateError> {
    let UpdatePlan { planned, removed, forgotten, release, .. } = plan;
    let holds_modes = LazyCell::new(|| holds_modes(own));
    let (mut installs, mut modes, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut list_2017 = Release2017::default();
    for file in &planned {
        let mut staged = None;
        if let Some((path, placement)) = file.placed() {
            staged = Some(prepare_staged(stage, &placement.job.name, &file.wanted, || *holds_modes)?);
            installs.push(placement.install(path));
        }
        if file.sets_mode() {
            modes.push((file.wanted.path().clone(), file.wanted.is_executable()));
        }
        let entry = entry_of(own, stage, file)?;
        if !file.recorded || staged.is_some() {
            rows.push(row_update(file, &entry, staged));
        }
        if matches!(file.wanted.content, Content::Md5(_)) {
            list_2017.add(entry.into_owned(), &file.wanted);
        }
    }
    let (installed, documents) = documents_of(release, list_2017)?;
    let gone = forgotten.into_iter().chain(removed.iter().map(|leaving| leaving.path.clone())).collect();
    let delete = |leaving: Leaving| Delete { seen: leaving.seen(), path: leaving.path };
    let journal = Journal {
        format: 1,
        installed,
        deletes: removed.into_iter().map(delete).collect(),
        installs,
        modes,
        rows,
        gone,
        folders: Vec::new(),
        has_new_ledger: false,
        has_broken_ledger: false,
    };
    Ok((journal, documents))
}

/// Size and time are those of the verified file: the staged one's move with it.
fn row_update(file: &PlannedFile, entry: &FileEntry, staged: Option<Seen>) -> RowUpdate {
    RowUpdate {
        path: entry.path.clone(),
        digest: entry.digest,
        executable: entry.executable,
        kept: file.kept,
        seen: if file.kept { file.seen } else { staged.or(file.seen) },
    }
}

/// Gives a staged file its executable bit now: the commit only renames. Answers what it looks like.
fn prepare_staged(
    stage: &Stage,
    name: &StagedName,
    wanted: &WantedFile,
    holds_modes: impl Fn() -> bool,
) -> Result<Seen, UpdateError> {
    let place = stage.place_of(name);
    let entry = stage.look(name).map_err(UpdateError::io("looking at", &place))?;
    // The install folder is writable by others: the file may have been changed since it was verified.
    let Some(stat) = entry.stat().filter(|stat| stat.size == wanted.size()) else {
        return Err(UpdateError::StageTouched { path: place });
    };
    if stat.executable != wanted.is_executable() && holds_modes() {
        let set = stage.set_executable(name, wanted.is_executable());
        set.map_err(UpdateError::io("setting the mode of", &place))?;
    }
    Ok(stat.into())
}

/// A file of the release as a manifest lists it; one of a 2017 release is hashed now.
fn entry_of<'a>(
    own: &OwnFolder,
    stage: &Stage,
    file: &'a PlannedFile,
) -> Result<Cow<'a, FileEntry>, UpdateError> {
    if let Content::Known(entry) = &file.wanted.content {
        return Ok(Cow::Borrowed(entry));
    }
    match (file.placed(), &file.known_entry) {
        (None, Some(entry)) => Ok(Cow::Borrowed(entry)),
        (None, None) => hashed_in_place(own, &file.wanted).map(Cow::Owned),
        (Some((_, placement)), _) => {
            hashed_in_stage(stage, &placement.job.name, &file.wanted).map(Cow::Owned)
        }
    }
}

fn hashed_in_stage(stage: &Stage, name: &StagedName, wanted: &WantedFile) -> Result<FileEntry, UpdateError> {
    let opened = stage.open(name).and_then(|file| file.ok_or(std::io::ErrorKind::NotFound.into()));
    let hashed = opened.and_then(|file| hashed_entry(&file, wanted));
    hashed.map_err(UpdateError::io("reading", &stage.place_of(name)))
}

fn hashed_in_place(own: &OwnFolder, wanted: &WantedFile) -> Result<FileEntry, UpdateError> {
    let place = wanted.path().below(&own.install);
    let hashed = open_file(&place).and_then(|file| hashed_entry(&file, wanted));
    hashed.map_err(UpdateError::io("reading", &place))
}

fn hashed_entry(file: &std::fs::File, wanted: &WantedFile) -> std::io::Result<FileEntry> {
    let stat = FileStat::of(&file.metadata()?);
    let hash = hash_open(file, &stat)?;
    Ok(FileEntry {
        path: wanted.path().clone(),
        size: stat.size,
        digest: hash.digest,
        executable: false,
        pieces: if hash.pieces.len() > 1 { hash.pieces } else { Vec::new() },
    })
}

/// The files of a 2017 release, as Naru would have published them.
#[derive(Default)]
struct Release2017 {
    entries: Vec<FileEntry>,
    versions: Vec<String>,
}

impl Release2017 {
    fn add(&mut self, entry: FileEntry, wanted: &WantedFile) {
        self.entries.push(entry);
        self.versions.push(wanted.version.clone());
    }

    fn documents(self, release: &ReleaseHead) -> Result<NamedDocuments, UpdateError> {
        let manifest = Manifest::new(self.entries, release.preserve.clone(), release.config.clone())?;
        let (id, manifest) = ObjectId::pack(&manifest.encode()?)?;
        let (_, locations) = ObjectId::pack(&Locations::new(id.digest, self.versions).encode()?)?;
        Ok(NamedDocuments { manifest: id.digest, documents: Documents { manifest, locations } })
    }
}

/// What the ledger keeps so that verifying needs no server, and repairing only the files.
fn documents_of(
    mut release: ReleaseHead,
    list_2017: Release2017,
) -> Result<(Installed, Documents), UpdateError> {
    let named = match release.documents.take() {
        Some(named) => named,
        None => list_2017.documents(&release)?,
    };
    let installed = Installed {
        channel: release.channel,
        epoch: release.epoch,
        number: release.number,
        notes: release.notes,
        made_by_2017: release.made_by_2017,
        manifest: named.manifest,
    };
    Ok((installed, named.documents))
}
