//! The commit: the only phase that touches the live tree.
//!
//! All it needs is staged, verified and on the disk; nothing is allocated. Every step may be done
//! again, so a commit that was cut off anywhere is finished by running it once more.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use naru_protocol::RelPath;

use crate::disk::{Entry, FileStat, entry_at, is_missing, set_executable, sync_file_system, unless_missing};
use crate::journal::{Install, Journal, OwnFolder};
use crate::ledger::{Ledger, Row, RowUpdate};
use crate::{Phase, ProgressSink, Total, UpdateError};

/// Finishes what a journal describes, and drops it.
pub(crate) fn roll_forward(
    own: &OwnFolder,
    journal: &Journal,
    progress: &dyn ProgressSink,
) -> Result<(), UpdateError> {
    let total = Total { bytes: None, items: Some((journal.deletes.len() + journal.installs.len()) as u64) };
    let watcher = progress.start(Phase::Apply, total);
    let mut tree = LiveTree::new(&own.install);
    let renamed = renamed_already(own, journal);
    for path in &journal.deletes {
        if !renamed.contains(&path.case_key()) {
            tree.delete(path)?;
        }
        watcher.item(path.as_str());
    }
    tree.drop_empty_folders(&journal.deletes);
    for install in &journal.installs {
        tree.install(own, install)?;
        watcher.item(install.path.as_str());
    }
    for (path, executable) in &journal.modes {
        tree.set_mode(path, *executable)?;
    }
    // One call for all folders: a flush for each would wait for the disk as often.
    sync_file_system(&own.install).map_err(UpdateError::io("flushing", &own.install))?;
    record(own, journal)?;
    own.drop_journal()?;
    own.drop_stage()
}

/// Names that an interrupted run has put in place. Where a name has changed in its case only, the
/// old name leads to the new file on a system that ignores case, and deleting it again would delete
/// that.
fn renamed_already(own: &OwnFolder, journal: &Journal) -> HashSet<String> {
    if journal.deletes.is_empty() {
        return HashSet::new();
    }
    let in_place = |install: &&Install| !own.staged(&install.staged).exists();
    journal.installs.iter().filter(in_place).map(|install| install.path.case_key()).collect()
}

fn record(own: &OwnFolder, journal: &Journal) -> Result<(), UpdateError> {
    let mut ledger = Ledger::open(&own.ledger())?;
    let documents = own.staged_documents()?;
    let rows: Vec<(RelPath, Row)> = journal.rows.iter().map(|update| row(&own.install, update)).collect();
    ledger.record(&journal.installed, &documents, &rows, &journal.gone)
}

/// The row of a file as it lies there now. A file that is not there has a row that vouches for
/// nothing.
fn row(root: &Path, update: &RowUpdate) -> (RelPath, Row) {
    let stat = match entry_at(&update.path.below(root)) {
        Ok(Entry::File(stat)) => Some(stat),
        _ => None,
    };
    let row = Row {
        size: stat.map_or(0, |stat: FileStat| stat.size),
        modified_ns: stat.map_or(i64::MIN, |stat| stat.modified_ns),
        digest: update.digest,
        executable: update.executable,
        kept: update.kept,
    };
    (update.path.clone(), row)
}

/// The install folder while it changes.
struct LiveTree<'a> {
    root: &'a Path,
    /// Folders that are known to be real folders, no links.
    checked: HashSet<String>,
}

impl<'a> LiveTree<'a> {
    fn new(root: &'a Path) -> Self {
        Self { root, checked: HashSet::new() }
    }

    fn delete(&mut self, path: &RelPath) -> Result<(), UpdateError> {
        if !self.has_real_parents(path)? {
            return Ok(());
        }
        let place = path.below(self.root);
        match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
            // The path has become a folder: an earlier run has been here.
            Entry::Missing | Entry::Folder => Ok(()),
            _ => unless_missing(remove_file(&place)).map_err(UpdateError::io("removing", &place)),
        }
    }

    /// Removes the folders that deleting left empty, innermost first. A folder with anything in it
    /// stays.
    fn drop_empty_folders(&mut self, deleted: &[RelPath]) {
        let mut folders: Vec<&str> = deleted.iter().flat_map(RelPath::parents).collect();
        folders.sort_unstable_by_key(|folder| std::cmp::Reverse(folder.len()));
        folders.dedup();
        for folder in folders {
            std::fs::remove_dir(self.root.join(folder)).ok();
        }
        self.checked.clear();
    }

    fn install(&mut self, own: &OwnFolder, install: &Install) -> Result<(), UpdateError> {
        let staged = own.staged(&install.staged);
        let there = entry_at(&staged).map_err(UpdateError::io("looking at", &staged))?;
        if there == Entry::Missing {
            // An earlier run has put it in its place.
            return Ok(());
        }
        self.make_parents(&install.path)?;
        let place = install.path.below(self.root);
        if let Some(aside) = &install.aside {
            unless_missing(std::fs::rename(&place, place.with_file_name(aside)))
                .map_err(UpdateError::io("moving aside", &place))?;
        }
        self.drop_empty_tree(&place)?;
        rename(&staged, &place).map_err(UpdateError::io("putting in place", &place))
    }

    /// A folder that has to give way to a file has only empty folders left in it.
    fn drop_empty_tree(&self, place: &Path) -> Result<(), UpdateError> {
        if entry_at(place).map_err(UpdateError::io("looking at", place))? != Entry::Folder {
            return Ok(());
        }
        let list = std::fs::read_dir(place).map_err(UpdateError::io("listing", place))?;
        for entry in list {
            let entry = entry.map_err(UpdateError::io("listing", place))?;
            self.drop_empty_tree(&entry.path())?;
        }
        std::fs::remove_dir(place).map_err(UpdateError::io("removing", place))
    }

    fn set_mode(&mut self, path: &RelPath, executable: bool) -> Result<(), UpdateError> {
        let place = path.below(self.root);
        if !self.has_real_parents(path)? {
            return Ok(());
        }
        match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
            Entry::File(_) => {
                set_executable(&place, executable).map_err(UpdateError::io("setting the mode of", &place))
            }
            _ => Ok(()),
        }
    }

    /// Whether all folders above a path are there; a link among them is an error, because what lies
    /// behind it is not the game's.
    fn has_real_parents(&mut self, path: &RelPath) -> Result<bool, UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            let place = self.root.join(parent);
            match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
                Entry::Folder => drop(self.checked.insert(parent.to_owned())),
                Entry::Link => return Err(UpdateError::LinkInTheWay { path: place }),
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    fn make_parents(&mut self, path: &RelPath) -> Result<(), UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            let place = self.root.join(parent);
            match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
                Entry::Folder => {}
                Entry::Link => return Err(UpdateError::LinkInTheWay { path: place }),
                Entry::Missing => std::fs::create_dir(&place).map_err(UpdateError::io("making", &place))?,
                _ => return Err(UpdateError::InTheWay { path: place }),
            }
            self.checked.insert(parent.to_owned());
        }
        Ok(())
    }
}

/// How often a refused rename or removal is tried again: on Windows, virus scanners and indexers
/// hold a file open for moments.
const TRIES: u32 = 5;

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    persist(|| std::fs::rename(from, to), to)
}

fn remove_file(path: &PathBuf) -> io::Result<()> {
    persist(|| std::fs::remove_file(path), path)
}

/// Tries again where the system says "in use", after clearing the read-only mark.
fn persist(work: impl Fn() -> io::Result<()>, target: &Path) -> io::Result<()> {
    let mut pause = std::time::Duration::from_millis(50);
    for _ in 1..TRIES {
        match work() {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && !is_missing(&error) => {
                clear_read_only(target);
                std::thread::sleep(pause);
                pause *= 2;
            }
            other => return other,
        }
    }
    work()
}

#[cfg(windows)]
fn clear_read_only(path: &Path) {
    if let Ok(metadata) = std::fs::symlink_metadata(path) {
        let mut permissions = metadata.permissions();
        permissions.set_readonly(false);
        std::fs::set_permissions(path, permissions).ok();
    }
}

/// Elsewhere a file's own mode does not keep it from being renamed or removed.
#[cfg(not(windows))]
fn clear_read_only(_path: &Path) {}
