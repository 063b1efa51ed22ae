//! Finishing a plan: when everything is staged, the journal and the documents that go with it.

use std::cell::LazyCell;

use naru_protocol::{Digest, FileEntry, Locations, Manifest, ObjectId};

use crate::UpdateError;
use crate::disk::{FileStat, Seen, open_file};
use crate::hash::hash_open;
use crate::journal::Journal;
use crate::ledger::{Documents, Installed, RowUpdate};
use crate::modes::holds_modes;
use crate::own_folder::{OwnFolder, Stage};
use crate::remote::{Content, WantedFile, WantedRelease};
use crate::update::{PlannedRow, Steps, UpdatePlan, wants_executable};

/// Everything is staged: works out the journal and the documents that go with it.
pub(crate) fn finish_plan(
    own: &OwnFolder,
    stage: &Stage,
    plan: UpdatePlan,
) -> Result<(Journal, Documents), UpdateError> {
    let UpdatePlan { steps, release, .. } = plan;
    let release = release.ok_or(UpdateError::NotInstalled { path: own.install.clone() })?;
    let staged = prepare_staged(own, stage, &steps, &release.files)?;
    let entries = entries_of(own, stage, &steps, &release.files)?;
    let (installed, documents) = documents_of(&release, &entries)?;
    let changed = steps.rows.iter().zip(staged).filter(|(row, _)| !row.recorded || row.staged.is_some());
    let rows = changed.map(|(row, staged)| row_update(row, &entries[row.file], staged)).collect();
    let journal = Journal {
        format: 1,
        installed,
        deletes: steps.deletes,
        installs: steps.installs,
        modes: steps.modes,
        rows,
        gone: steps.gone,
        folders: Vec::new(),
        has_new_ledger: false,
        has_broken_ledger: false,
    };
    Ok((journal, documents))
}

/// Size and time are those of the verified file: the staged one's move with it.
fn row_update(row: &PlannedRow, entry: &FileEntry, staged: Option<Seen>) -> RowUpdate {
    RowUpdate {
        path: entry.path.clone(),
        digest: entry.digest,
        executable: entry.executable,
        kept: row.kept,
        seen: if row.kept { row.seen } else { staged.or(row.seen) },
    }
}

/// Gives staged files their executable bit now: the commit only renames. Answers what each of them
/// looks like.
fn prepare_staged(
    own: &OwnFolder,
    stage: &Stage,
    steps: &Steps,
    files: &[WantedFile],
) -> Result<Vec<Option<Seen>>, UpdateError> {
    let holds_modes = LazyCell::new(|| holds_modes(own));
    let prepare = |row: &PlannedRow| match &row.staged {
        Some(name) => {
            let place = stage.place_of(name);
            let entry = stage.look(name).map_err(UpdateError::io("looking at", &place))?;
            if entry.stat().is_none_or(|stat| stat.size != files[row.file].size) {
                return Err(UpdateError::StageTouched { path: place });
            }
            let wanted = wants_executable(&files[row.file]);
            if entry.stat().is_none_or(|stat| stat.executable != wanted) && *holds_modes {
                let set = stage.set_executable(name, wanted);
                set.map_err(UpdateError::io("setting the mode of", &place))?;
            }
            Ok(entry.seen())
        }
        None => Ok(None),
    };
    steps.rows.iter().map(prepare).collect()
}

/// The files of the release as a manifest lists them; those of a 2017 release are hashed now.
fn entries_of(
    own: &OwnFolder,
    stage: &Stage,
    steps: &Steps,
    files: &[WantedFile],
) -> Result<Vec<FileEntry>, UpdateError> {
    let mut entries = Vec::with_capacity(files.len());
    for row in &steps.rows {
        let file = &files[row.file];
        entries.push(match &file.content {
            Content::Known(entry) => entry.clone(),
            Content::Md5(_) => match &row.entry {
                Some(entry) if row.staged.is_none() => entry.clone(),
                _ => hashed_entry(own, stage, row, file)?,
            },
        });
    }
    Ok(entries)
}

fn hashed_entry(
    own: &OwnFolder,
    stage: &Stage,
    row: &PlannedRow,
    file: &WantedFile,
) -> Result<FileEntry, UpdateError> {
    let (place, opened) = match &row.staged {
        Some(name) => {
            let opened = stage.open(name).and_then(|file| file.ok_or(std::io::ErrorKind::NotFound.into()));
            (stage.place_of(name), opened)
        }
        None => {
            let place = file.path.below(&own.install);
            let opened = open_file(&place);
            (place, opened)
        }
    };
    let read = || {
        let opened = opened?;
        let stat = FileStat::of(&opened.metadata()?);
        hash_open(&opened, &stat).map(|hash| (stat.size, hash))
    };
    let (size, hash) = read().map_err(UpdateError::io("reading", &place))?;
    Ok(FileEntry {
        path: file.path.clone(),
        size,
        digest: hash.digest,
        executable: false,
        pieces: if hash.pieces.len() > 1 { hash.pieces } else { Vec::new() },
    })
}

/// What the ledger keeps so that verifying needs no server, and repairing only the files.
fn documents_of(
    release: &WantedRelease,
    entries: &[FileEntry],
) -> Result<(Installed, Documents), UpdateError> {
    let (manifest, documents) = match (release.manifest, &release.documents) {
        (Some(digest), Some(documents)) => (digest, documents.clone()),
        _ => documents_of_2017(release, entries)?,
    };
    let installed = Installed {
        channel: release.channel.clone(),
        epoch: release.epoch,
        number: release.number,
        notes: release.notes.clone(),
        made_by_2017: release.made_by_2017,
        manifest,
    };
    Ok((installed, documents))
}

/// The documents that a 2017 release would have, had Naru published it.
fn documents_of_2017(
    release: &WantedRelease,
    entries: &[FileEntry],
) -> Result<(Digest, Documents), UpdateError> {
    let manifest = Manifest::new(entries.to_vec(), release.preserve.clone(), release.config.clone())?;
    let (id, manifest) = ObjectId::pack(&manifest.encode()?)?;
    let versions = release.files.iter().map(|file| file.version.clone()).collect();
    let (_, locations) = ObjectId::pack(&Locations::new(id.digest, versions).encode()?)?;
    Ok((id.digest, Documents { manifest, locations }))
}
