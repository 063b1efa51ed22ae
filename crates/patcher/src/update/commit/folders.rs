//! The folders of a commit: those that it changes, leaves empty or fills.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use naru_protocol::RelPath;

use crate::install_folder::{Journal, OwnFolder};

/// The folders whose lists of names the commit changes.
pub(super) fn touched_folders(own: &OwnFolder, journal: &Journal) -> Vec<PathBuf> {
    let deleted = journal.deletes.iter().map(|delete| &delete.path);
    let paths = deleted.chain(journal.installs.iter().map(|install| &install.path));
    let folders: BTreeSet<&str> = paths.flat_map(RelPath::parents).collect();
    folders.into_iter().map(|folder| own.install.join(folder)).collect()
}

/// The folders that a deleted file was in, innermost first.
pub(super) fn left_folders(journal: &Journal) -> Vec<&str> {
    let folders = journal.deletes.iter().flat_map(|delete| delete.path.parents());
    let folders: BTreeSet<&str> = folders.collect();
    folders.into_iter().rev().collect()
}

/// The folders that files come to, by their names without case.
pub(super) fn coming_folders(journal: &Journal) -> HashMap<String, &str> {
    let folders = journal.installs.iter().flat_map(|install| install.path.parents());
    folders.map(|folder| (case_key(folder).into_owned(), folder)).collect()
}

pub(super) fn case_key(folder: &str) -> Cow<'_, str> {
    RelPath::parse(folder).map_or(Cow::Borrowed(folder), |path| path.case_key().into_owned().into())
}

/// Renames a folder to another spelling of its name. Its last part differs: the folders above are
/// renamed after it.
pub(super) fn respell(old: &Path, new: &Path) -> io::Result<()> {
    let name = new.file_name().unwrap_or_default();
    if old.file_name() == Some(name) { Ok(()) } else { std::fs::rename(old, old.with_file_name(name)) }
}

/// Removes a folder that has only empty folders in it; tells whether it had.
pub(super) fn remove_empty_tree(folder: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() || !remove_empty_tree(&entry.path())? {
            return Ok(false);
        }
    }
    std::fs::remove_dir(folder).map(|()| true)
}
