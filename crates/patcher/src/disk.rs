//! The file system, as far as the engine needs more than `std` has.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What tells that a file was not touched since it was last read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileStat {
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
    /// Time of the last change to the inode: it moves even when a tool sets the modification time
    /// back. Zero where the system has none.
    pub(crate) changed_ns: i64,
    /// Zero where the system has none.
    pub(crate) inode: u64,
    pub(crate) executable: bool,
}

impl FileStat {
    #[cfg(unix)]
    pub(crate) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: metadata.len(),
            modified_ns: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed_ns: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
            inode: metadata.ino(),
            executable: metadata.mode() & 0o111 != 0,
        }
    }

    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let since_epoch = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Self {
            size: metadata.len(),
            modified_ns: since_epoch.map_or(0, |time| time.as_nanos() as i64),
            changed_ns: 0,
            inode: 0,
            executable: false,
        }
    }

    #[cfg(unix)]
    #[expect(clippy::unnecessary_cast, reason = "the fields' types differ between systems")]
    pub(crate) fn of_stat(stat: &rustix::fs::Stat) -> Self {
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: stat.st_size as u64,
            modified_ns: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
            changed_ns: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
            inode: stat.st_ino as u64,
            executable: stat.st_mode & 0o111 != 0,
        }
    }

    /// Whether the bytes are the ones that `earlier` was taken of. Renames and mode changes move
    /// the inode's own time, so only size and modification time count here.
    pub(crate) fn same_bytes(&self, earlier: &Self) -> bool {
        self.size == earlier.size && self.modified_ns == earlier.modified_ns
    }
}

/// The stat of a file. A later write changes it, except by a tool that sets the time back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    pub(crate) size: u64,
    pub(crate) modified_ns: i64,
}

impl From<FileStat> for Seen {
    fn from(stat: FileStat) -> Self {
        Self { size: stat.size, modified_ns: stat.modified_ns }
    }
}

/// Opens a plain file to read it. A link at its place is not followed, and a pipe not waited for:
/// an attacker may have replaced the files of an install folder.
#[cfg(unix)]
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    plain(File::options().read(true).custom_flags(flags.bits() as i32).open(path)?)
}

#[cfg(not(unix))]
pub(crate) fn open_file(path: &Path) -> io::Result<File> {
    match entry_at(path)? {
        Entry::Link => Err(io::ErrorKind::InvalidInput.into()),
        _ => plain(File::open(path)?),
    }
}

fn plain(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

/// Reads a file of at most this many bytes; `None` for a longer one.
pub(crate) fn read_bounded(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    open_file(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// What is at a path, without following a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Missing,
    File(FileStat),
    Folder,
    Link,
    Other,
}

impl Entry {
    pub(crate) fn stat(&self) -> Option<FileStat> {
        match self {
            Self::File(stat) => Some(*stat),
            _ => None,
        }
    }

    pub(crate) fn seen(&self) -> Option<Seen> {
        self.stat().map(Seen::from)
    }

    /// Whether nothing happened to a path between two looks at it.
    pub(crate) fn is_as_before(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::File(now), Self::File(then)) => Seen::from(*now) == Seen::from(*then),
            _ => self == earlier,
        }
    }
}

pub(crate) fn entry_at(path: &Path) -> io::Result<Entry> {
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if is_missing(&error) => return Ok(Entry::Missing),
        Err(error) => return Err(error),
    };
    let kind = metadata.file_type();
    Ok(if kind.is_symlink() {
        Entry::Link
    } else if kind.is_dir() {
        Entry::Folder
    } else if kind.is_file() {
        Entry::File(FileStat::of(&metadata))
    } else {
        Entry::Other
    })
}

#[cfg(unix)]
pub(crate) fn entry_of(stat: &rustix::fs::Stat) -> Entry {
    use rustix::fs::FileType;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => Entry::Folder,
        FileType::Symlink => Entry::Link,
        FileType::RegularFile => Entry::File(FileStat::of_stat(stat)),
        _ => Entry::Other,
    }
}

/// A path below something that is no folder is as missing as any other.
pub(crate) fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Turns "there is nothing" into success: what an idempotent step needs.
pub(crate) fn unless_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if is_missing(&error) => Ok(()),
        other => other,
    }
}

/// Copies a file's bytes, the time by which it is known, and its mode where the file system takes one.
pub(crate) fn copy_with_time(from: &mut File, to: &mut File) -> io::Result<()> {
    io::copy(from, to)?;
    let metadata = from.metadata()?;
    take_mode(to, &metadata)?;
    to.set_modified(metadata.modified()?)
}

/// Gives a file the mode of another one. A file system without modes refuses it, and holds the game all
/// the same.
pub fn take_mode(file: &File, of: &Metadata) -> io::Result<()> {
    match file.set_permissions(of.permissions()) {
        Err(error) if is_mode_refused(&error) => Ok(()),
        taken => taken,
    }
}

/// Sets or clears the executable bit, for everyone whom the mode already lets read.
#[cfg(unix)]
pub(crate) fn set_executable(path: &Path, executable: bool) -> io::Result<()> {
    let permissions = std::fs::symlink_metadata(path)?.permissions();
    std::fs::set_permissions(path, with_executable(permissions, executable))
}

#[cfg(unix)]
fn with_executable(mut permissions: std::fs::Permissions, executable: bool) -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    let mode = permissions.mode();
    permissions.set_mode(if executable { mode | ((mode & 0o444) >> 2) } else { mode & !0o111 });
    permissions
}

/// Whether the executable bit of a file of ours can be set and cleared: both are looked at, because
/// many file systems accept the call and change nothing.
#[cfg(unix)]
pub(crate) fn executable_bit_stays(file: &File) -> io::Result<bool> {
    for executable in [true, false] {
        let permissions = with_executable(file.metadata()?.permissions(), executable);
        // What has no modes refuses each time; a single refusal may be a passing fault.
        let set = file.set_permissions(permissions.clone()).or_else(|_| file.set_permissions(permissions));
        match set {
            Err(error) if is_mode_refused(&error) => return Ok(false),
            set => set?,
        }
        if FileStat::of(&file.metadata()?).executable != executable {
            return Ok(false);
        }
    }
    Ok(true)
}

/// How file systems say that they have no modes: EPERM, EACCES, ENOSYS, EOPNOTSUPP or EINVAL.
fn is_mode_refused(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported)
}

#[cfg(not(unix))]
pub(crate) fn set_executable(_path: &Path, _executable: bool) -> io::Result<()> {
    Ok(())
}

/// The same for an open file.
#[cfg(unix)]
pub(crate) fn set_executable_of(file: &File, executable: bool) -> io::Result<()> {
    file.set_permissions(with_executable(file.metadata()?.permissions(), executable))
}

#[cfg(not(unix))]
pub(crate) fn set_executable_of(_file: &File, _executable: bool) -> io::Result<()> {
    Ok(())
}

/// Makes the names in many folders of one file system survive a power cut.
pub(crate) fn sync_folders(root: &Path, folders: &[PathBuf]) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    match rustix::fs::syncfs(File::open(root)?).map_err(io::Error::from) {
        Err(error) if is_unsupported(&error) => {}
        synced => return synced,
    }
    folders.iter().try_for_each(|folder| unless_missing(sync_folder(folder)))?;
    sync_folder(root)
}

/// Makes the names in a folder survive a power cut, where the file system can.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    unless_unsupported(File::open(folder)?.sync_all())
}

/// Windows flushes names with the files themselves; a folder can't be opened for it.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a file's bytes survive a power cut, where the file system can.
pub(crate) fn sync_file(file: &File) -> io::Result<()> {
    unless_unsupported(file.sync_all())
}

/// Whether a call is not there at all: the kernel, the file system or a sandbox does not know it. The
/// work is then done without it; any other failure is one of the disk.
#[cfg(unix)]
pub(crate) fn is_unsupported(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let unknown = [Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP, Errno::INVAL, Errno::NOTTY, Errno::PERM];
    Errno::from_io_error(error).is_some_and(|errno| unknown.contains(&errno))
}

#[cfg(not(unix))]
pub(crate) fn is_unsupported(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
}

/// Turns "there is no such call" into success, where nothing else can be done.
pub(crate) fn unless_unsupported(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if is_unsupported(&error) => Ok(()),
        other => other,
    }
}

/// Bytes that this user may still write to the disk of `folder`; `None` where the system won't say.
#[cfg(unix)]
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// Files that may still be made on the disk of `folder`; `None` where the file system has no such
/// limit or won't say.
#[cfg(unix)]
pub(crate) fn free_inodes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    (disk.f_files > 0).then_some(disk.f_favail)
}

#[cfg(not(unix))]
pub(crate) fn free_inodes(_folder: &Path) -> Option<u64> {
    None
}

/// Gives a file all its blocks now, so that a full disk is met before the live tree is touched.
#[cfg(target_os = "linux")]
pub(crate) fn reserve(file: &File, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    let reserved = fallocate(file, FallocateFlags::empty(), 0, size.max(1)).map_err(io::Error::from);
    // Without the call, the exact check of the free room was made before.
    unless_unsupported(reserved)?;
    file.set_len(size)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn reserve(file: &File, size: u64) -> io::Result<()> {
    file.set_len(size)
}

/// Reads exactly at an offset, without moving the file's own position: several threads share files.
#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

#[cfg(unix)]
pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !buffer.is_empty() {
        let read = file.seek_read(buffer, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buffer = &mut buffer[read..];
        offset += read as u64;
    }
    Ok(())
}

#[cfg(windows)]
pub(crate) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}
