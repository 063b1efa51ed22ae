//! The lock of a native game's process: a file that it holds, whatever becomes of the launcher.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use naru_patcher::{Access, Folder};

/// Between two looks at a game that the launcher can't wait for.
const LOOKING: Duration = Duration::from_secs(1);

/// The lock's name in the launcher's data folder.
const NAME: &str = "game.lock";

/// Where the lock is.
#[derive(Debug, Clone)]
pub(crate) struct GameProcessLock {
    data: PathBuf,
}

impl GameProcessLock {
    pub(crate) fn new(data: &Path) -> Self {
        Self { data: data.to_path_buf() }
    }

    /// Takes the lock for a game that is about to start: it holds it for as long as one of its
    /// processes has this file open. `None` when another game holds it.
    pub(super) fn take(&self) -> io::Result<Option<File>> {
        let file = match self.open_or_make() {
            Err(error) if is_shared_out(&error) => return Ok(None),
            file => file?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    fn open_or_make(&self) -> io::Result<File> {
        let data = Folder::make_private(&self.data)?;
        match data.open(NAME, Access::Alone) {
            // The system's own refusal (in use, no right, too many open files) says nothing of what is
            // there. A game may hold it, and would no longer be seen if it were replaced.
            Err(error) if error.raw_os_error().is_some() => Err(error),
            Ok(Some(file)) => Ok(file),
            // Nothing, or what is no plain file: another one is made in its place.
            _ => {
                drop(data.create(NAME)?);
                data.open(NAME, Access::Alone)?.ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }

    /// Whether a game holds it. A lock that can't be read is none.
    pub(crate) fn is_held(&self) -> bool {
        let open = || match Folder::open_private(&self.data)? {
            Some(data) => data.open(NAME, Access::Alone),
            None => Ok(None),
        };
        match open() {
            Ok(Some(file)) => matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)),
            Ok(None) => false,
            Err(error) => is_shared_out(&error),
        }
    }

    /// Waits until no game holds it.
    pub(crate) async fn released(&self) {
        while self.is_held() {
            tokio::time::sleep(LOOKING).await;
        }
    }
}

/// `ERROR_SHARING_VIOLATION`: another process has the file open. There a lock ends with the process that took
/// it, while an unshared file can't be opened again until the last process has closed it.
fn is_shared_out(error: &io::Error) -> bool {
    cfg!(windows) && error.raw_os_error() == Some(32)
}
