//! The data folder: blobs, the index, the lock.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use crate::blobs::Blobs;
use crate::error::{StartError, StorageError};
use crate::index::Index;

/// Everything that outlives the process.
#[derive(Debug)]
pub(crate) struct Storage {
    pub(crate) blobs: Arc<Blobs>,
    pub(crate) index: Index,
    /// Held for as long as anything uses the folder.
    _lock: File,
}

impl Storage {
    /// Opens or makes a data folder and cleans up after an earlier process that was killed.
    pub(crate) fn open(data: &Path) -> Result<Arc<Storage>, StartError> {
        fs::create_dir_all(data).map_err(StorageError::io(data))?;
        let lock = lock(data)?;
        let blobs = Arc::new(Blobs::open(data)?);
        let index = Index::open(&data.join("index.db"))?;
        index.forget_completed_uploads()?;
        blobs.sweep(&index.blobs()?)?;
        Ok(Arc::new(Storage { blobs, index, _lock: lock }))
    }

    /// Drops blobs that no row names any more.
    pub(crate) fn discard(&self, blobs: impl IntoIterator<Item = String>) {
        for blob in blobs {
            self.blobs.discard(&blob);
        }
    }
}

/// Two processes on one folder would sweep each other's blobs away.
fn lock(data: &Path) -> Result<File, StartError> {
    let path = data.join("lock");
    let file = File::create(&path).map_err(StorageError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(data.to_owned())),
        Err(TryLockError::Error(source)) => Err(StorageError::io(&path)(source).into()),
    }
}
