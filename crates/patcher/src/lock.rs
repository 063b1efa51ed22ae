//! The right to work on an install folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::UpdateError;
use crate::journal::OwnFolder;

/// A program that is being started has a copy of every open file, and of its lock, until it runs:
/// what was given free in that moment still looks taken for a few milliseconds.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
const MOST_TRIES: u32 = 10;

/// Held until its last owner drops it: work on a thread of its own goes on when nobody waits for it
/// any more, and must not be joined by another run's.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, making Naru's own folder where there is none.
    pub(crate) fn take(own: &OwnFolder) -> Result<Self, UpdateError> {
        let folder = own.path();
        std::fs::create_dir_all(&folder).map_err(not_made(&folder))?;
        let path = own.lock();
        let opened = File::options().write(true).create(true).truncate(false).open(&path);
        Self::of(own, opened.map_err(UpdateError::io("opening", &path))?)
    }

    /// Takes the lock of a folder that something is installed in, even if it can only be read.
    pub(crate) fn take_existing(own: &OwnFolder) -> Result<Self, UpdateError> {
        if !own.path().is_dir() {
            return Err(UpdateError::NotInstalled { path: own.install.clone() });
        }
        match Self::take(own) {
            Err(refused) => File::open(own.lock()).map_err(|_| refused).and_then(|file| Self::of(own, file)),
            taken => taken,
        }
    }

    /// Takes the lock where there is one, and makes nothing: for looking, which leaves no trace.
    pub(crate) fn take_if_there(own: &OwnFolder) -> Result<Option<Self>, UpdateError> {
        let path = own.lock();
        match File::open(&path) {
            Ok(file) => Self::of(own, file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(not_made(&own.path())(error)),
        }
    }

    fn of(own: &OwnFolder, file: File) -> Result<Self, UpdateError> {
        let mut locked = file.try_lock();
        for _ in 0..MOST_TRIES {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            std::thread::sleep(BETWEEN_TRIES);
            locked = file.try_lock();
        }
        match locked {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(UpdateError::Busy { path: own.install.clone() }),
            Err(TryLockError::Error(error)) => Err(UpdateError::io("locking", &own.lock())(error)),
        }
    }
}

/// Why there is no folder: the system's words, or the file that lies in its place.
fn not_made(folder: &Path) -> impl FnOnce(io::Error) -> UpdateError {
    move |error| match folder.ancestors().find_map(|place| Some((place, std::fs::metadata(place).ok()?))) {
        Some((place, found)) if !found.is_dir() => UpdateError::NotAFolder { path: place.to_path_buf() },
        _ => UpdateError::io("making", folder)(error),
    }
}
