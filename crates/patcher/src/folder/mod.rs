//! A folder of Naru's own, reached through its handle: what other programs put there is never
//! followed.
//!
//! A downloaded archive or a folder that others may write to can hold links, mounts, pipes and
//! devices where Naru expects its own files. A path is resolved anew with each call, so a check
//! before it proves nothing: each entry is opened by its one name below an open folder, and is
//! looked at again when it is open.

#[cfg(not(unix))]
mod std_paths;
#[cfg(unix)]
mod unix;

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

#[cfg(not(unix))]
pub use std_paths::Folder;
#[cfg(unix)]
pub use unix::Folder;

use crate::disk::{Entry, sync_file};

/// Folders within one another that may be removed: Naru makes two. A hostile tree must not exhaust
/// the stack.
const MOST_DEPTH: u32 = 16;

/// Times that a folder is listed while it is cleared.
const MOST_LISTS: u32 = 1000;

/// What an existing file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading.
    Read,
    /// Reading and writing.
    Write,
    /// Reading, and writing at its end.
    Append,
    /// For writing; on Windows, without sharing.
    Alone,
}

/// An obstacle in the place of a plain file or folder of Naru's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intruder {
    /// A symbolic link, or a junction.
    Link,
    /// Another folder or file, mounted there.
    Mount,
    /// A file where a folder has to be.
    File,
    /// A folder where a file has to be.
    Folder,
    /// A pipe, a socket or a device.
    Special,
    /// Folders within folders, more than Naru ever makes.
    Depth,
}

impl fmt::Display for Intruder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Link => "a link",
            Self::Mount => "a mount point",
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Special => "a pipe, a socket or a device",
            Self::Depth => "a folder with too many folders inside one another",
        })
    }
}

/// An intruder and its place, on its way through `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("{path} is {intruder}")]
pub(crate) struct Intrusion {
    pub(crate) path: PathBuf,
    pub(crate) intruder: Intruder,
}

impl Intrusion {
    fn at(path: PathBuf, intruder: Intruder) -> io::Error {
        io::Error::other(Self { path, intruder })
    }

    /// The intruder that an error tells of.
    pub(crate) fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

impl Folder {
    /// A folder whose files are this user's alone, where there is one. Links on the way to it are
    /// followed.
    pub fn open_private(path: &Path) -> io::Result<Option<Self>> {
        Ok(Self::open_followed(path)?.map(Self::into_private))
    }

    /// The same, made where there is none: what is made is for this user alone.
    pub fn make_private(path: &Path) -> io::Result<Self> {
        make_private_folders(path)?;
        Self::open_private(path)?.ok_or_else(|| io::ErrorKind::NotADirectory.into())
    }

    /// A folder in this one, made where there is none.
    pub fn make(&self, name: &str) -> io::Result<Self> {
        loop {
            if let Some(folder) = self.enter(name)? {
                return Ok(folder);
            }
            match self.make_new(name) {
                // Another process was faster: its entry is checked like any other.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => made?,
            }
        }
    }

    /// A folder in this one; what else has its name is removed.
    pub fn make_own(&self, name: &str) -> io::Result<Self> {
        match self.make(name) {
            Err(error) if Intrusion::of(&error).is_some() => {
                self.remove(name)?;
                self.make(name)
            }
            made => made,
        }
    }

    /// A whole file of at most this many bytes; `None` if there is none.
    pub fn read(&self, name: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = self.open(name, Access::Read)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {limit} bytes")));
        }
        Ok(Some(bytes))
    }

    /// Writes a file anew. What has its name is removed and never written to: it may be a link, or
    /// another name of a file elsewhere.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.create(name)?.write_all(bytes)
    }

    /// Replaces any entry of that name by an empty file.
    pub fn create(&self, name: &str) -> io::Result<File> {
        match self.create_new(name) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove(name)?;
                self.create_new(name)
            }
            created => created,
        }
    }

    /// Replaces a file so that a crash leaves the old bytes or the new ones, and nothing between.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let fresh = format!("{name}.tmp");
        let mut file = self.create(&fresh)?;
        file.write_all(bytes)?;
        sync_file(&file)?;
        drop(file);
        self.rename(&fresh, name)?;
        self.sync()
    }

    /// Removes an entry, a folder with all that is in it. A link goes, and what it leads to stays;
    /// what is mounted can't be removed and is an error.
    pub fn remove(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.remove_below(name.as_ref(), MOST_DEPTH)
    }

    fn remove_below(&self, name: &OsStr, depth: u32) -> io::Result<()> {
        match self.look(name)? {
            Entry::Missing => Ok(()),
            Entry::Folder if depth == 0 => Err(Intrusion::at(self.place_of(name), Intruder::Depth)),
            Entry::Folder => {
                if let Some(folder) = self.enter(name)? {
                    folder.clear(depth - 1)?;
                }
                self.remove_empty_folder(name)
            }
            Entry::File(_) | Entry::Link | Entry::Other => self.remove_file(name),
        }
    }

    /// Removes all entries. Some FUSE file systems leave names out of a list that does not fit into one
    /// answer, so it is read until nothing is in it.
    fn clear(&self, depth: u32) -> io::Result<()> {
        for _ in 0..MOST_LISTS {
            let names = self.names()?;
            if names.is_empty() {
                break;
            }
            names.iter().try_for_each(|name| self.remove_below(name, depth))?;
        }
        Ok(())
    }

    /// Where an entry is, for messages.
    pub(crate) fn place_of(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// What keeps an entry from being entered or opened.
    fn intrusion(&self, name: &OsStr, intruder: Intruder) -> io::Error {
        Intrusion::at(self.place_of(name), intruder)
    }
}

#[cfg(unix)]
fn make_private_folders(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A user's own folders are the user's alone there.
#[cfg(not(unix))]
fn make_private_folders(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}
