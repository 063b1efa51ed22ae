//! The right to work on an install folder.

use std::fs::{File, TryLockError};
use std::time::Duration;

use super::OwnFolder;
use super::claim::Claim;
use crate::UpdateError;
use crate::disk::is_unsupported;

/// A program that is being started has a copy of every open file, and of its lock, until it runs:
/// a lock released at that moment still looks taken for a few milliseconds.
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
const MOST_TRIES: u32 = 10;

/// Held until its last owner drops it: blocking threads outlive cancellation and hold the lock, so that
/// another run cannot start beside them.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
    /// Where the file system has no locks.
    _claim: Option<Claim>,
}

/// What a lock keeps others from.
#[derive(Debug, Clone, Copy)]
enum Right {
    /// From everything.
    Change,
    /// From changing. A handle that can only be read can't have more on NFS.
    Look,
}

impl Lock {
    /// Takes the lock, making Naru's own folder where there is none.
    pub(crate) fn take(own: &OwnFolder) -> Result<Self, UpdateError> {
        Self::of(own, own.lock_file()?, Right::Change)
    }

    /// Takes the lock of a folder that something is installed in.
    pub(crate) fn take_existing(own: &OwnFolder) -> Result<Self, UpdateError> {
        match own.find()? {
            Some(_) => Self::take(own),
            None => Err(UpdateError::NotInstalled { path: own.install.clone() }),
        }
    }

    /// The same for read-only commands, unless a commit has to be finished: the folder may be one
    /// that can only be read.
    pub(crate) fn take_to_look(own: &OwnFolder) -> Result<Self, UpdateError> {
        match Self::take_existing(own) {
            Err(refused @ UpdateError::Io { .. }) => match Self::look_if_there(own) {
                Ok(Some(lock)) if !own.has_journal()? => Ok(lock),
                Err(busy @ UpdateError::Busy { .. }) => Err(busy),
                _ => Err(refused),
            },
            taken => taken,
        }
    }

    /// Keeps others from changing the folder where there is a lock, and makes nothing: for looking,
    /// which leaves no trace.
    pub(crate) fn look_if_there(own: &OwnFolder) -> Result<Option<Self>, UpdateError> {
        own.readable_lock_file()?.map(|file| Self::of(own, file, Right::Look)).transpose()
    }

    fn of(own: &OwnFolder, file: File, right: Right) -> Result<Self, UpdateError> {
        let lock = || match right {
            Right::Change => file.try_lock(),
            Right::Look => file.try_lock_shared(),
        };
        let mut locked = lock();
        for _ in 0..MOST_TRIES {
            if !matches!(locked, Err(TryLockError::WouldBlock)) {
                break;
            }
            std::thread::sleep(BETWEEN_TRIES);
            locked = lock();
        }
        match locked {
            Ok(()) => Ok(Self { _file: file, _claim: None }),
            Err(TryLockError::WouldBlock) => Err(UpdateError::Busy { path: own.install.clone() }),
            // A network file system without locks: the claim's file does instead.
            Err(TryLockError::Error(error)) if has_no_locks(&error) => match right {
                Right::Look => {
                    Claim::check_free(own)?;
                    Ok(Self { _file: file, _claim: None })
                }
                Right::Change => match Claim::take(own)? {
                    Some(claim) => Ok(Self { _file: file, _claim: Some(claim) }),
                    None => Err(UpdateError::io("locking", &own.lock())(error)),
                },
            },
            Err(TryLockError::Error(error)) => Err(UpdateError::io("locking", &own.lock())(error)),
        }
    }
}

/// Whether the file system has no locks at all, as NFS without its lock service.
fn has_no_locks(error: &std::io::Error) -> bool {
    #[cfg(unix)]
    if rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::NOLCK) {
        return true;
    }
    is_unsupported(error)
}
