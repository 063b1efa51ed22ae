//! Object bytes on disk: one file for each version and for each uploaded part.
//!
//! A blob is written under `temp/` and renamed into `blobs/` when it is complete; only then does
//! the index learn its name. So a kill at any moment leaves either a complete blob that the index
//! knows, or an unreferenced file that [`Blobs::sweep`] removes at the next start.
//! Nothing is synced: what a power cut loses is the page cache's last seconds, which is what the
//! index (WAL, `synchronous=NORMAL`) promises too.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::StorageError;
use crate::names;

/// The folders that hold the bytes.
#[derive(Debug)]
pub(crate) struct Blobs {
    blobs: PathBuf,
    temp: PathBuf,
}

impl Blobs {
    /// Opens or makes the folders below `data`.
    pub(crate) fn open(data: &Path) -> Result<Blobs, StorageError> {
        let blobs = Blobs { blobs: data.join("blobs"), temp: data.join("temp") };
        // All 256 folders now, so that no put has to make one.
        for shard in 0..=255u8 {
            make_folder(&blobs.blobs.join(hex::encode([shard])))?;
        }
        make_folder(&blobs.temp)?;
        Ok(blobs)
    }

    /// Removes what interrupted requests left: all temporary files, and blobs not in `known`.
    pub(crate) fn sweep(&self, known: &HashSet<String>) -> Result<(), StorageError> {
        for file in list(&self.temp)? {
            remove(&file)?;
        }
        for shard in list(&self.blobs)? {
            for file in list(&shard)? {
                let name = file.file_name().and_then(|name| name.to_str());
                if !name.is_some_and(|name| known.contains(name)) {
                    remove(&file)?;
                }
            }
        }
        Ok(())
    }

    /// Begins a new blob.
    pub(crate) fn create(self: &Arc<Self>) -> Result<BlobWriter, StorageError> {
        let id = names::blob_id();
        let temp = self.temp.join(&id);
        let file = File::create_new(&temp).map_err(StorageError::io(&temp))?;
        Ok(BlobWriter { blobs: Arc::clone(self), id, temp, file })
    }

    /// Opens a blob for reading.
    pub(crate) fn open_blob(&self, id: &str) -> Result<File, StorageError> {
        let path = self.path(id);
        File::open(&path).map_err(StorageError::io(&path))
    }

    /// Drops a blob that the index no longer names. Readers that hold it open are not disturbed.
    ///
    /// A failure costs disk space until the next start's sweep and nothing else, so the delete
    /// that a client asked for, which has already happened, is not reported as failed.
    pub(crate) fn discard(&self, id: &str) {
        let _ = fs::remove_file(self.path(id));
    }

    fn path(&self, id: &str) -> PathBuf {
        self.blobs.join(id.get(..2).unwrap_or("00")).join(id)
    }
}

/// A blob being written. Dropped before [`BlobWriter::finish`], it leaves nothing.
#[derive(Debug)]
pub(crate) struct BlobWriter {
    blobs: Arc<Blobs>,
    id: String,
    temp: PathBuf,
    file: File,
}

impl BlobWriter {
    /// Makes the blob readable and gives its name.
    pub(crate) fn finish(mut self) -> Result<String, StorageError> {
        let path = self.blobs.path(&self.id);
        fs::rename(&self.temp, &path).map_err(StorageError::io(&path))?;
        self.temp = PathBuf::new();
        Ok(std::mem::take(&mut self.id))
    }

    /// Appends `bytes`, naming the file when the disk refuses.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.file.write_all(bytes).map_err(StorageError::io(&self.temp))
    }

    /// Appends what `source` holds; on Linux the kernel copies without a buffer of ours.
    pub(crate) fn append_file(&mut self, source: &mut File) -> Result<(), StorageError> {
        io::copy(source, &mut self.file).map(drop).map_err(StorageError::io(&self.temp))
    }

    /// The same through a buffer of `chunk` bytes, which `see` is shown.
    pub(crate) fn append_hashed(
        &mut self,
        source: &mut File,
        chunk: usize,
        mut see: impl FnMut(&[u8]),
    ) -> Result<(), StorageError> {
        let mut buffer = vec![0; chunk];
        loop {
            let count = source.read(&mut buffer).map_err(StorageError::io(&self.temp))?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
                return Ok(());
            };
            see(bytes);
            self.append(bytes)?;
        }
    }
}

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if !self.temp.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.temp);
        }
    }
}

fn make_folder(path: &Path) -> Result<(), StorageError> {
    fs::create_dir_all(path).map_err(StorageError::io(path))
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, StorageError> {
    let entries = fs::read_dir(folder).map_err(StorageError::io(folder))?;
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()
        .map_err(StorageError::io(folder))
}

fn remove(file: &Path) -> Result<(), StorageError> {
    fs::remove_file(file).map_err(StorageError::io(file))
}
