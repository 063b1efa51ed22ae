//! Listing a folder tree on all processors.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::disk::FileStat;
#[cfg(unix)]
use crate::disk::{Entry, entry_of};
use crate::hash::threads;

/// What a directory entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    File(FileStat),
    Folder,
    Link,
    /// Sockets, devices, pipes.
    Other,
}

/// One entry of a folder.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The name as the file system gave it; a name that is not Unicode is given lossily and marked.
    pub(crate) name: String,
    pub(crate) readable_name: bool,
    pub(crate) kind: Kind,
}

/// Decides what to do with one folder: gets its path below the root (empty for the root itself) and
/// its entries, answers the names of the folders to go into.
pub(crate) trait Visit: Sync {
    fn folder(&self, path: &str, entries: Vec<Listed>) -> Vec<String>;
}

/// Walks the tree below `root`. The first folder that can't be read ends the walk.
pub(crate) fn walk(root: &Path, visit: &dyn Visit) -> Result<(), (PathBuf, io::Error)> {
    let queue = Queue::new();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads()).map(|_| scope.spawn(|| queue.work(root, visit))).collect();
        queue.work(root, visit);
        for other in others {
            if let Err(panic) = other.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let state = queue.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.failure.map_or(Ok(()), Err)
}

/// Folders that wait, and how many are being read: both at zero is the end.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: Vec<String>,
    reading: usize,
    failure: Option<(PathBuf, io::Error)>,
}

impl Queue {
    fn new() -> Self {
        let state = State { waiting: vec![String::new()], reading: 0, failure: None };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self, root: &Path, visit: &dyn Visit) {
        while let Some(folder) = self.take() {
            let place = root.join(&folder);
            let found = list(&place).map(|entries| visit.folder(&folder, entries));
            let mut state = self.lock();
            state.reading -= 1;
            match found {
                Ok(deeper) => state.waiting.extend(deeper.into_iter().map(|name| joined(&folder, &name))),
                Err(error) => state.failure = Some((place, error)),
            }
            drop(state);
            self.changed.notify_all();
        }
    }

    fn take(&self) -> Option<String> {
        let mut state = self.lock();
        loop {
            if state.failure.is_some() {
                return None;
            }
            if let Some(folder) = state.waiting.pop() {
                state.reading += 1;
                return Some(folder);
            }
            if state.reading == 0 {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A name below a folder, with `/` between; the root has no name.
pub(crate) fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Lists one folder through its handle: stating by a path would resolve every parent again for
/// every file.
#[cfg(unix)]
fn list(folder: &Path) -> io::Result<Vec<Listed>> {
    use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, open, statat};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let handle = open(folder, flags, Mode::empty())?;
    let mut entries = Vec::new();
    for entry in Dir::read_from(&handle)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::Directory => Kind::Folder,
            FileType::RegularFile | FileType::Unknown => {
                from_stat(&statat(&handle, name, AtFlags::SYMLINK_NOFOLLOW)?)
            }
            FileType::Symlink => Kind::Link,
            _ => Kind::Other,
        };
        let readable_name = name.to_str().is_ok();
        entries.push(Listed { name: name.to_string_lossy().into_owned(), readable_name, kind });
    }
    Ok(entries)
}

#[cfg(unix)]
fn from_stat(stat: &rustix::fs::Stat) -> Kind {
    match entry_of(stat) {
        Entry::Folder => Kind::Folder,
        Entry::Link => Kind::Link,
        Entry::File(stat) => Kind::File(stat),
        Entry::Missing | Entry::Other => Kind::Other,
    }
}

#[cfg(not(unix))]
fn list(folder: &Path) -> io::Result<Vec<Listed>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let name = entry.file_name();
        let kind = if metadata.is_symlink() {
            Kind::Link
        } else if metadata.is_dir() {
            Kind::Folder
        } else {
            Kind::File(FileStat::of(&metadata))
        };
        entries.push(Listed {
            name: name.to_string_lossy().into_owned(),
            readable_name: name.to_str().is_some(),
            kind,
        });
    }
    Ok(entries)
}
