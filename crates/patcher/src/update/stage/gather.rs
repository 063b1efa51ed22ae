//! Taking over what is here already: an interrupted download, the same bytes in the install folder, or
//! pieces of an older file.

use std::fs::File;
use std::io;

use naru_protocol::PIECE_LENGTH;

use super::staged_file::{Expected, StagedFile, UnitHasher};
use super::{LocalSource, Seed};
use crate::disk::{Entry, open_file, read_exact_at};
use crate::folder::{Access, Folder};
use crate::install_folder::MOST_MARKS;

const BUFFER: usize = 256 * 1024;

/// A unit that is not whole yet: what of it is on the disk, and the hash of that.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(crate) done: u64,
    pub(crate) hasher: UnitHasher,
}

/// What is still missing of a staged file.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) units: Vec<usize>,
    /// Bytes on the disk of the first missing unit of each run.
    pub(crate) partial: Vec<(usize, Partial)>,
    /// Bytes that need not be fetched.
    pub(crate) present: u64,
}

impl StagedFile {
    /// Takes over what is here already: an interrupted download, the same bytes in the install
    /// folder, or pieces of an older file. Every byte of it is hashed.
    pub(crate) fn gather(&self) -> io::Result<Missing> {
        // The whole file first: what it gives need not be put together from pieces.
        if let Some(local) = &self.job.local
            && self.take_local(local)?
        {
            return Ok(self.nothing_missing());
        }
        // Then what arrived before, and only for the rest the old file: an interrupted download is not
        // read twice.
        let mut missing = self.gather_staged()?;
        if let Some(seed) = &self.job.seed {
            self.take_seed(seed, &mut missing)?;
        }
        self.close();
        Ok(missing)
    }

    fn gather_staged(&self) -> io::Result<Missing> {
        if !self.is_begun {
            return Ok(self.all_missing());
        }
        let Some(shard) = self.stage.shard(&self.job.name)? else {
            return Ok(self.all_missing());
        };
        // An interrupted move leaves a second name of the live file: writing to it would write there.
        if shard.is_shared(self.leaf())? {
            shard.remove(self.leaf())?;
        }
        if self.is_small() { self.gather_small(&shard) } else { self.gather_units(&shard) }
    }

    fn nothing_missing(&self) -> Missing {
        Missing { units: Vec::new(), partial: Vec::new(), present: self.size() }
    }

    fn all_missing(&self) -> Missing {
        Missing { units: self.units().collect(), partial: Vec::new(), present: 0 }
    }

    fn gather_small(&self, shard: &Folder) -> io::Result<Missing> {
        let bytes = match shard.read(self.leaf(), self.size()) {
            Ok(Some(bytes)) if bytes.len() as u64 == self.size() => bytes,
            _ => return Ok(self.all_missing()),
        };
        let mut hasher = self.hasher(0);
        hasher.update(&bytes);
        Ok(if self.accepts(0, hasher) { self.nothing_missing() } else { self.all_missing() })
    }

    fn gather_units(&self, shard: &Folder) -> io::Result<Missing> {
        if !matches!(shard.look(self.leaf())?, Entry::File(_)) {
            return Ok(self.all_missing());
        }
        let marks = shard.read(&self.job.name.marks(), MOST_MARKS).ok().flatten().unwrap_or_default();
        let files = self.files()?;
        let mut missing = self.all_missing();
        let mut buffer = vec![0; BUFFER];
        let mut whole = Vec::new();
        for at in self.units() {
            let range = self.range(at);
            let mark =
                marks.get(8 * at..8 * at + 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
            // A mark is a hint, whoever wrote it: it can't lead beyond the unit.
            let done = mark.unwrap_or(0).min(range.end - range.start);
            if done == 0 {
                continue;
            }
            // What can't be read back is fetched again.
            let Ok(hasher) = self.hash_range(&files.data, at, done, &mut buffer) else {
                continue;
            };
            if range.start + done < range.end {
                missing.present += done;
                missing.partial.push((at, Partial { done, hasher }));
            } else if self.accepts(at, hasher) {
                missing.present += done;
                whole.push(at);
            }
        }
        missing.units.retain(|unit| whole.binary_search(unit).is_err());
        Ok(missing)
    }

    fn hash_range(&self, file: &File, unit: usize, length: u64, buffer: &mut [u8]) -> io::Result<UnitHasher> {
        let start = self.range(unit).start;
        let mut hasher = self.hasher(unit);
        let mut done = 0;
        while done < length {
            let now = (length - done).min(buffer.len() as u64) as usize;
            read_exact_at(file, &mut buffer[..now], start + done)?;
            hasher.update(&buffer[..now]);
            done += now as u64;
        }
        Ok(hasher)
    }

    /// Takes a whole file of the install folder: its inode, when it is going away anyway, else a
    /// copy (two names of one inode would change together). What has gone or can't be read comes
    /// from the store.
    fn take_local(&self, local: &LocalSource) -> io::Result<bool> {
        let shard = self.make_shard()?;
        shard.remove(self.leaf())?;
        let is_linked = local.leaves && shard.link_from(&local.path, self.leaf()).is_ok();
        if !is_linked && let Err(error) = self.copy_local(local, &shard) {
            shard.remove(self.leaf())?;
            return if is_full(&error) { Err(error) } else { Ok(false) };
        }
        if self.is_whole(&shard).unwrap_or(false) {
            return Ok(true);
        }
        // Never written to: it may be the live file's own inode.
        shard.remove(self.leaf())?;
        Ok(false)
    }

    fn copy_local(&self, local: &LocalSource, shard: &Folder) -> io::Result<()> {
        io::copy(&mut open_file(&local.path)?, &mut shard.create(self.leaf())?).map(drop)
    }

    fn is_whole(&self, shard: &Folder) -> io::Result<bool> {
        let file = shard.open(self.leaf(), Access::Read)?.ok_or(io::ErrorKind::NotFound)?;
        let mut buffer = vec![0; BUFFER];
        if file.metadata()?.len() != self.size() {
            return Ok(false);
        }
        for unit in self.units() {
            let range = self.range(unit);
            if !self.accepts(unit, self.hash_range(&file, unit, range.end - range.start, &mut buffer)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn take_seed(&self, seed: &Seed, missing: &mut Missing) -> io::Result<()> {
        let Ok(old) = open_file(&seed.path) else {
            return Ok(());
        };
        let mut buffer = vec![0; PIECE_LENGTH as usize];
        let mut taken = Vec::new();
        for &unit in &missing.units {
            let same =
                seed.pieces.get(unit).map(|piece| Expected::Piece(*piece)) == Some(self.expected(unit));
            let range = self.range(unit);
            let bytes = &mut buffer[..(range.end - range.start).min(PIECE_LENGTH) as usize];
            if !same || read_exact_at(&old, bytes, range.start).is_err() {
                continue;
            }
            // The old file may have changed since it was compared, so its bytes are hashed like all others.
            let mut hasher = self.hasher(unit);
            hasher.update(bytes);
            if self.accepts(unit, hasher) {
                self.write(unit, 0, bytes)?;
                taken.push(unit);
                missing.present += bytes.len() as u64;
            }
        }
        // Units are in their order, and so is what was taken of them.
        let is_taken = |unit: &usize| taken.binary_search(unit).is_ok();
        let counted: u64 =
            missing.partial.iter().filter(|(unit, _)| is_taken(unit)).map(|(_, part)| part.done).sum();
        missing.present -= counted;
        missing.partial.retain(|(unit, _)| !is_taken(unit));
        missing.units.retain(|unit| !is_taken(unit));
        Ok(())
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
