//! What a commit needs beside the staged files: folders, the new ledger, and room for new names. All
//! of it is made before the journal, because after it nothing may depend on free room.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::Path;

use naru_protocol::RelPath;
use serde::{Deserialize, Serialize};

use crate::UpdateError;
use crate::disk::{Entry, entry_at};
use crate::folder::Folder;
use crate::journal::Journal;
use crate::ledger::{Documents, Ledger, Row};
use crate::own_folder::{OwnFolder, Stage};
use crate::room::bytes_for_names;

/// Where folders are made ready, and where those that were made in their places are listed.
const FOLDERS: &str = "folders";
const LIST: &str = "made";

/// The list of the largest release.
const MOST_LIST: u64 = 1 << 30;

/// A folder that stands ready, with all that is in it, to take the place of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ReadyFolder {
    /// Its name among Naru's own folders.
    pub(crate) number: u32,
    pub(crate) path: RelPath,
}

/// Prepares the commit that the journal describes.
pub(crate) fn prepare(
    own: &OwnFolder,
    stage: &Stage,
    journal: &mut Journal,
    documents: &Documents,
) -> Result<(), UpdateError> {
    stage.write_documents(documents)?;
    journal.has_broken_ledger = prepare_ledger(own, journal, documents)?;
    journal.has_new_ledger = true;
    let new = journal.installs.iter().filter(|install| install.replaces.is_none());
    stage.reserve(bytes_for_names(&own.install, new.map(|install| &install.path)))?;
    make_folders(own, journal)
}

impl OwnFolder {
    fn folders(&self) -> io::Result<Option<Folder>> {
        match self.find() {
            Ok(Some(folder)) => folder.enter(FOLDERS),
            _ => Ok(None),
        }
    }

    /// Puts a folder in its place that could not be made there beforehand.
    pub(crate) fn place_ready_folder(&self, number: u32, place: &Path) -> io::Result<()> {
        let folders = self.folders()?.ok_or(io::ErrorKind::NotFound)?;
        folders.move_out(&number.to_string(), place)
    }

    /// Takes back the folders that were made beforehand and stayed empty: all of them where no commit
    /// followed, none after a whole one. A folder that can't be removed is empty, and harms nobody.
    pub(crate) fn drop_folders(&self) {
        let Ok(Some(folders)) = self.folders() else {
            return self.forget_folders();
        };
        let list = folders.read(LIST, MOST_LIST).ok().flatten().unwrap_or_default();
        let mut made: Vec<RelPath> = serde_json::from_slice(&list).unwrap_or_default();
        made.sort_unstable_by_key(|path| std::cmp::Reverse(path.as_str().len()));
        for path in made {
            // Behind a link that somebody has put there since, nothing is ours.
            let is_real = |parent| matches!(entry_at(&self.install.join(parent)), Ok(Entry::Folder));
            if path.parents().all(is_real) {
                std::fs::remove_dir(path.below(&self.install)).ok();
            }
        }
        self.forget_folders();
    }

    /// Forgets what was made beforehand: all of it is used.
    pub(crate) fn forget_folders(&self) {
        if let Ok(Some(folder)) = self.find() {
            folder.remove(FOLDERS).ok();
        }
    }
}

/// The new ledger is a whole file, so that the commit need not write to the old one. Tells whether the
/// old one is damaged.
fn prepare_ledger(own: &OwnFolder, journal: &Journal, documents: &Documents) -> Result<bool, UpdateError> {
    let rows: Vec<(RelPath, Row)> = journal.rows.iter().cloned().map(Into::into).collect();
    let write = |ledger: Result<Ledger, UpdateError>| {
        let mut ledger = ledger?;
        ledger.record(&journal.installed, documents, &rows, &journal.gone)?;
        own.write_new_ledger(&ledger.bytes()?)
    };
    match write(Ledger::read_or_new(own)) {
        // Rows that the journal does not have are found again by the next update.
        Err(UpdateError::BrokenLedger { .. }) => write(Ledger::new(own)).map(|()| true),
        written => written.map(|()| false),
    }
}

/// Folders that the commit needs and that are not there.
#[derive(Default)]
struct NewFolders<'a> {
    /// Made in their places.
    in_place: BTreeSet<&'a str>,
    /// Made among Naru's own, because a file that leaves is still in their place: each with the
    /// folders in it.
    ready: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// Makes the folders that the release adds. They are listed first: a run that is killed before its
/// journal leaves them empty, and the next one takes them back.
fn make_folders(own: &OwnFolder, journal: &mut Journal) -> Result<(), UpdateError> {
    let paths: Vec<RelPath> = journal.installs.iter().map(|install| install.path.clone()).collect();
    let new = NewFolders::of(&own.install, &paths)?;
    if new.in_place.is_empty() && new.ready.is_empty() {
        return Ok(());
    }
    let at = own.path().join(FOLDERS);
    let folders = own.existing()?.make_own(FOLDERS).map_err(UpdateError::io("making", &at))?;
    let list = serde_json::to_vec(&new.in_place).map_err(io::Error::from);
    let written = list.and_then(|list| folders.replace(LIST, &list));
    written.map_err(UpdateError::io("writing", &at.join(LIST)))?;
    for folder in &new.in_place {
        make_folder(&own.install.join(folder))?;
    }
    for (number, (path, inner)) in (0..).zip(&new.ready) {
        let made = make_ready(&folders, number, inner.iter().map(|folder| &folder[path.len() + 1..]));
        made.map_err(UpdateError::io("making", &at))?;
        journal.folders.extend(RelPath::parse(path).ok().map(|path| ReadyFolder { number, path }));
    }
    Ok(())
}

/// Makes a folder with folders in it, whose paths come outermost first.
fn make_ready<'a>(folders: &Folder, number: u32, inner: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let ready = folders.make_own(&number.to_string())?;
    for path in inner {
        let mut parts = path.split('/');
        let first = parts.next().map(|part| ready.make(part)).transpose()?;
        parts.try_fold(first, |folder, part| folder.map(|folder| folder.make(part)).transpose())?;
    }
    Ok(())
}

fn make_folder(place: &Path) -> Result<(), UpdateError> {
    match std::fs::create_dir(place) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map_err(UpdateError::io("making", place)),
    }
}

/// How a folder will come to be there.
#[derive(Clone, Copy)]
enum Coming<'a> {
    IsThere,
    InPlace,
    /// With the ready folder of this path.
    Inside(&'a str),
}

impl<'a> NewFolders<'a> {
    fn of(root: &Path, paths: &'a [RelPath]) -> Result<Self, UpdateError> {
        let mut new = Self::default();
        let mut known: HashMap<&str, Coming<'a>> = HashMap::new();
        for path in paths {
            let mut above = Coming::IsThere;
            for folder in path.parents() {
                above = match known.get(folder) {
                    Some(known) => *known,
                    None => new.add(root, folder, above)?,
                };
                known.insert(folder, above);
            }
        }
        Ok(new)
    }

    /// Parents come outermost first.
    fn add(&mut self, root: &Path, folder: &'a str, above: Coming<'a>) -> Result<Coming<'a>, UpdateError> {
        if let Coming::Inside(ready) = above {
            self.ready.entry(ready).or_default().insert(folder);
            return Ok(above);
        }
        let place = root.join(folder);
        let is_new = matches!(above, Coming::InPlace);
        match if is_new { Ok(Entry::Missing) } else { entry_at(&place) } {
            Ok(Entry::Folder) => Ok(Coming::IsThere),
            Ok(Entry::Missing) => {
                self.in_place.insert(folder);
                Ok(Coming::InPlace)
            }
            Ok(_) => {
                self.ready.entry(folder).or_default();
                Ok(Coming::Inside(folder))
            }
            Err(error) => Err(UpdateError::io("looking at", &place)(error)),
        }
    }
}
