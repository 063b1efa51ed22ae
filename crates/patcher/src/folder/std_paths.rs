//! By paths, each looked at before it is used: the standard library opens no entry by a handle.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::{Access, Intruder};
use crate::disk::{Entry, entry_at, sync_file};

/// A folder that is no link.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Whether it is in one of the user's private folders, where no other user can write.
    is_private: bool,
}

impl Folder {
    /// A folder that the player has named: a link on the way to it is the player's own choice.
    pub(crate) fn open_followed(path: &Path) -> io::Result<Option<Self>> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_dir() => Ok(Some(Self { path: path.to_path_buf(), is_private: false })),
            Ok(_) => Ok(None),
            Err(error) if crate::disk::is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn into_private(self) -> Self {
        Self { is_private: true, ..self }
    }

    /// Where it is, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What has a name, without following a link or a junction.
    pub(crate) fn look(&self, name: impl AsRef<OsStr>) -> io::Result<Entry> {
        entry_at(&self.path.join(name.as_ref()))
    }

    /// A folder in this one.
    pub(crate) fn enter(&self, name: impl AsRef<OsStr>) -> io::Result<Option<Self>> {
        let name = name.as_ref();
        match self.look(name)? {
            Entry::Missing => Ok(None),
            Entry::Folder => Ok(Some(Self { path: self.path.join(name), is_private: self.is_private })),
            Entry::File(_) => Err(self.intrusion(name, Intruder::File)),
            Entry::Link => Err(self.intrusion(name, Intruder::Link)),
            Entry::Other => Err(self.intrusion(name, Intruder::Special)),
        }
    }

    /// Opens a plain file.
    pub fn open(&self, name: impl AsRef<OsStr>, access: Access) -> io::Result<Option<File>> {
        let name = name.as_ref();
        match self.look(name)? {
            Entry::Missing => return Ok(None),
            Entry::File(_) => {}
            Entry::Folder => return Err(self.intrusion(name, Intruder::Folder)),
            Entry::Link => return Err(self.intrusion(name, Intruder::Link)),
            Entry::Other => return Err(self.intrusion(name, Intruder::Special)),
        }
        let mut options = File::options();
        options.read(true).write(access != Access::Read).append(access == Access::Append);
        if access == Access::Alone {
            shared_with_nobody(&mut options);
        }
        let file = not_following(&mut options).open(self.path.join(name))?;
        if file.metadata()?.is_file() { Ok(Some(file)) } else { Err(self.intrusion(name, Intruder::Link)) }
    }

    /// Whether a file has another name can't be asked here. In a folder that others may write to,
    /// nothing that was there before is trusted; logs and downloads in a private one are the user's.
    pub fn is_shared(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        Ok(!self.is_private && self.look(name)? != Entry::Missing)
    }

    /// Bytes that a file takes on the disk.
    pub(crate) fn allocated(&self, name: &str) -> io::Result<u64> {
        Ok(self.look(name)?.stat().map_or(0, |stat| stat.size))
    }

    pub(crate) fn create_new(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        File::options().read(true).write(true).create_new(true).open(self.path.join(name.as_ref()))
    }

    pub(super) fn make_new(&self, name: &str) -> io::Result<()> {
        std::fs::create_dir(self.path.join(name))
    }

    /// The names in the folder.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        std::fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    pub(super) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        let place = self.path.join(name);
        // A junction is removed as a folder is.
        match std::fs::remove_file(&place) {
            Err(error) if !crate::disk::is_missing(&error) => std::fs::remove_dir(&place).map_err(|_| error),
            removed => crate::disk::unless_missing(removed),
        }
    }

    pub(super) fn remove_empty_folder(&self, name: &OsStr) -> io::Result<()> {
        crate::disk::unless_missing(std::fs::remove_dir(self.path.join(name)))
    }

    /// Gives an entry of the folder another name in it.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path.join(from), self.path.join(to))
    }

    /// Moves an entry out of the folder.
    pub(crate) fn move_out(&self, name: &str, to: &Path) -> io::Result<()> {
        std::fs::rename(self.path.join(name), to)
    }

    /// Moves an entry from elsewhere into the folder; of a link, the link itself.
    pub(crate) fn move_in(&self, from: &Path, name: &str) -> io::Result<()> {
        std::fs::rename(from, self.path.join(name))
    }

    /// Gives a file from elsewhere a second name here.
    pub(crate) fn link_from(&self, from: &Path, name: &str) -> io::Result<()> {
        std::fs::hard_link(from, self.path.join(name))
    }

    /// Windows flushes names with the files themselves; a folder can't be opened for it.
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Makes everything in the folder survive a power cut.
    pub(crate) fn sync_tree(&self) -> io::Result<()> {
        for name in self.names()? {
            match self.look(&name)? {
                Entry::Folder => self.enter(&name)?.map_or(Ok(()), |folder| folder.sync_tree())?,
                Entry::File(_) => {
                    self.open(&name, Access::Write)?.as_ref().map_or(Ok(()), sync_file)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A lock ends there with the process that took it, while an unshared file can't be opened again until
/// the last process has closed it.
fn shared_with_nobody(options: &mut std::fs::OpenOptions) {
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::share_mode(options, 0);
    #[cfg(not(windows))]
    let _ = options;
}

/// Opens a link or a junction itself, which then shows as no file.
#[cfg(windows)]
fn not_following(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    use std::os::windows::fs::OpenOptionsExt;
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT)
}

#[cfg(not(windows))]
fn not_following(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    options
}
