//! Through the handle, by the calls that end in `at`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags};
use rustix::io::Errno;

use super::{Access, Intruder};
use crate::disk::{Entry, entry_of, sync_file};

/// An open folder.
#[derive(Debug)]
pub struct Folder {
    handle: OwnedFd,
    /// For messages, and for nothing else.
    path: PathBuf,
    /// Whether what is made in it is for this user alone.
    is_private: bool,
}

impl Folder {
    /// Opens a folder that the player has named: a link on the way to it is the player's own choice.
    pub(crate) fn open_followed(path: &Path) -> io::Result<Option<Self>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(handle) => Ok(Some(Self { handle, path: path.to_path_buf(), is_private: false })),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn into_private(self) -> Self {
        Self { is_private: true, ..self }
    }

    fn mode(&self, shared: u32) -> Mode {
        Mode::from_raw_mode(if self.is_private { shared & 0o700 } else { shared })
    }

    /// Where it is, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What has a name, without following a link.
    pub(crate) fn look(&self, name: impl AsRef<OsStr>) -> io::Result<Entry> {
        match self.stat(name.as_ref()) {
            Ok(stat) => Ok(entry_of(&stat)),
            Err(Errno::NOENT) => Ok(Entry::Missing),
            Err(error) => Err(error.into()),
        }
    }

    fn stat(&self, name: &OsStr) -> rustix::io::Result<rustix::fs::Stat> {
        rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)
    }

    /// A folder in this one.
    pub(crate) fn enter(&self, name: impl AsRef<OsStr>) -> io::Result<Option<Self>> {
        let name = name.as_ref();
        match self.look(name)? {
            Entry::Missing => return Ok(None),
            Entry::Folder => {}
            Entry::File(_) => return Err(self.intrusion(name, Intruder::File)),
            Entry::Link => return Err(self.intrusion(name, Intruder::Link)),
            Entry::Other => return Err(self.intrusion(name, Intruder::Special)),
        }
        let handle = self.open_below(name, OFlags::RDONLY | OFlags::DIRECTORY)?;
        Ok(Some(Self { handle, path: self.path.join(name), is_private: self.is_private }))
    }

    /// Opens a plain file.
    pub fn open(&self, name: impl AsRef<OsStr>, access: Access) -> io::Result<Option<File>> {
        let name = name.as_ref();
        // Looked at before it is opened as well: opening a device may already do something.
        if !self.is_plain_file(name, self.look(name)?)? {
            return Ok(None);
        }
        let flags = match access {
            Access::Read => OFlags::RDONLY,
            Access::Write | Access::Alone => OFlags::RDWR,
            Access::Append => OFlags::RDWR | OFlags::APPEND,
        };
        // A pipe that took its place meanwhile must not be waited for.
        let file = File::from(self.open_below(name, flags | OFlags::NONBLOCK)?);
        let opened = entry_of(&rustix::fs::fstat(&file)?);
        self.is_plain_file(name, opened).map(|_| Some(file))
    }

    fn is_plain_file(&self, name: &OsStr, entry: Entry) -> io::Result<bool> {
        match entry {
            Entry::Missing => Ok(false),
            Entry::File(_) => Ok(true),
            Entry::Folder => Err(self.intrusion(name, Intruder::Folder)),
            Entry::Link => Err(self.intrusion(name, Intruder::Link)),
            Entry::Other => Err(self.intrusion(name, Intruder::Special)),
        }
    }

    /// Whether a file has another name somewhere: writing to it would write there too.
    pub fn is_shared(&self, name: impl AsRef<OsStr>) -> io::Result<bool> {
        match self.stat(name.as_ref()) {
            Ok(stat) => Ok(stat.st_nlink > 1),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Bytes that a file takes on the disk.
    pub(crate) fn allocated(&self, name: &str) -> io::Result<u64> {
        Ok(u64::try_from(self.stat(OsStr::new(name))?.st_blocks).unwrap_or(0).saturating_mul(512))
    }

    pub(crate) fn create_new(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(&self.handle, name.as_ref(), flags, self.mode(0o666));
        Ok(File::from(opened?))
    }

    pub(super) fn make_new(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.handle, name, self.mode(0o777))?)
    }

    /// The names in the folder.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.handle)? {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if !matches!(name, b"." | b"..") {
                names.push(OsString::from_vec(name.to_vec()));
            }
        }
        Ok(names)
    }

    pub(super) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        self.removed(name, rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()))
    }

    pub(super) fn remove_empty_folder(&self, name: &OsStr) -> io::Result<()> {
        self.removed(name, rustix::fs::unlinkat(&self.handle, name, AtFlags::REMOVEDIR))
    }

    fn removed(&self, name: &OsStr, result: rustix::io::Result<()>) -> io::Result<()> {
        match result {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(Errno::BUSY) => Err(self.intrusion(name, Intruder::Mount)),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives an entry of the folder another name in it.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.handle, from, &self.handle, to)?)
    }

    /// Moves an entry out of the folder.
    pub(crate) fn move_out(&self, name: &str, to: &Path) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.handle, name, CWD, to)?)
    }

    /// Moves an entry from elsewhere into the folder; of a link, the link itself.
    pub(crate) fn move_in(&self, from: &Path, name: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(CWD, from, &self.handle, name)?)
    }

    /// Gives a file from elsewhere a second name here; a link gets one itself, not what it leads to.
    pub(crate) fn link_from(&self, from: &Path, name: &str) -> io::Result<()> {
        Ok(rustix::fs::linkat(CWD, from, &self.handle, name, AtFlags::empty())?)
    }

    /// Makes the names in the folder survive a power cut.
    pub(crate) fn sync(&self) -> io::Result<()> {
        crate::disk::unless_unsupported(rustix::fs::fsync(&self.handle).map_err(Into::into))
    }

    /// Makes everything in the folder survive a power cut.
    ///
    /// One call for all files: flushing 1,000 files one by one takes several times as long.
    pub(crate) fn sync_tree(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        match rustix::fs::syncfs(&self.handle).map_err(io::Error::from) {
            Err(error) if crate::disk::is_unsupported(&error) => {}
            synced => return synced,
        }
        self.sync_each()
    }

    fn sync_each(&self) -> io::Result<()> {
        for name in self.names()? {
            match self.look(&name)? {
                Entry::Folder => self.enter(&name)?.map_or(Ok(()), |folder| folder.sync_each())?,
                Entry::File(_) => {
                    self.open(&name, Access::Read)?.as_ref().map_or(Ok(()), sync_file)?;
                }
                _ => {}
            }
        }
        self.sync()
    }

    /// Opens an entry of this folder and of this mount: a mount point leads elsewhere as a link does.
    fn open_below(&self, name: &OsStr, flags: OFlags) -> io::Result<OwnedFd> {
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match open_in_mount(self.handle.as_fd(), name.as_bytes(), flags) {
            Ok(handle) => Ok(handle),
            Err(Errno::LOOP | Errno::MLINK) => Err(self.intrusion(name, Intruder::Link)),
            Err(Errno::XDEV) => Err(self.intrusion(name, Intruder::Mount)),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(target_os = "linux")]
fn open_in_mount(folder: std::os::fd::BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    match rustix::fs::openat2(folder, name, flags, Mode::empty(), resolve) {
        // An old kernel, or a sandbox that does not know the call.
        Err(Errno::NOSYS | Errno::PERM) => open_on_device(folder, name, flags),
        opened => opened,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_in_mount(folder: std::os::fd::BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    open_on_device(folder, name, flags)
}

/// Sees a mount of another file system, but not a folder of the same one that is mounted a second time.
fn open_on_device(folder: std::os::fd::BorrowedFd<'_>, name: &[u8], flags: OFlags) -> Result<OwnedFd, Errno> {
    let opened = rustix::fs::openat(folder, name, flags, Mode::empty())?;
    if rustix::fs::fstat(&opened)?.st_dev == rustix::fs::fstat(folder)?.st_dev {
        Ok(opened)
    } else {
        Err(Errno::XDEV)
    }
}
