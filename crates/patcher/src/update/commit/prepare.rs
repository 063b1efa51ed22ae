//! What a commit needs beside the staged files: folders, the new ledger, and room for new names. All
//! of it is made before the journal, because after it nothing may depend on free room.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::Path;

use naru_protocol::RelPath;

use crate::UpdateError;
use crate::disk::{Entry, entry_at};
use crate::folder::Folder;
use crate::install_folder::{Journal, Ledger, OwnFolder, ReadyFolder, Stage};
use crate::release::Documents;
use crate::update::plan::bytes_for_names;

/// Prepares the commit that the journal describes.
pub(super) fn prepare(
    own: &OwnFolder,
    stage: &Stage,
    journal: &mut Journal,
    documents: &Documents,
) -> Result<(), UpdateError> {
    // For a run that can't place the new ledger and has to write its rows to the old one.
    stage.write_documents(documents)?;
    journal.has_broken_ledger = prepare_ledger(own, journal, documents)?;
    journal.has_new_ledger = true;
    let new = journal.installs.iter().filter(|install| install.replaces.is_none());
    // A folder that grows takes blocks, and a rename into it fails where there are none.
    stage.reserve(bytes_for_names(&own.install, new.map(|install| &install.path)))?;
    journal.folders = make_folders(own, journal)?;
    Ok(())
}

/// The new ledger is a whole file, so that the commit need not write to the old one. Tells whether the
/// old one is damaged.
fn prepare_ledger(own: &OwnFolder, journal: &Journal, documents: &Documents) -> Result<bool, UpdateError> {
    let write = |ledger: Result<Ledger, UpdateError>| {
        let mut ledger = ledger?;
        ledger.record(&journal.installed, documents, journal.rows.iter(), journal.gone.iter())?;
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

/// Makes the folders that the release adds; answers with those that stand ready. They are listed first:
/// a run that is killed before its journal leaves them empty, and the next one takes them back.
fn make_folders(own: &OwnFolder, journal: &Journal) -> Result<Vec<ReadyFolder>, UpdateError> {
    let new = NewFolders::of(&own.install, journal.installs.iter().map(|install| &install.path))?;
    if new.in_place.is_empty() && new.ready.is_empty() {
        return Ok(Vec::new());
    }
    let folders = own.list_folders(new.in_place.iter().copied())?;
    for folder in &new.in_place {
        make_folder(&own.install.join(folder))?;
    }
    let mut ready = Vec::with_capacity(new.ready.len());
    for (at, (folder, inner)) in new.ready.iter().enumerate() {
        let number = at as u32;
        let made = make_ready(&folders, number, inner.iter().map(|inner| &inner[folder.len() + 1..]));
        made.map_err(UpdateError::io("making", folders.path()))?;
        ready.extend(RelPath::parse(folder).ok().map(|path| ReadyFolder { number, path }));
    }
    Ok(ready)
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
    fn of(root: &Path, paths: impl Iterator<Item = &'a RelPath>) -> Result<Self, UpdateError> {
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
