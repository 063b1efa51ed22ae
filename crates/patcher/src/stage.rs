//! The stage: where everything that an update needs is gathered and verified before the live tree
//! is touched (`<install>/.naru/stage`).
//!
//! A staged file is named by what its bytes must be, so an interrupted download is found again, and
//! nothing in the stage is believed without hashing it again.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use md5::{Digest as _, Md5};
use naru_protocol::{Digest, Md5Digest, PieceHasher, RelPath, piece_count, piece_range};
use naru_store::ObjectRef;

use crate::disk::{Entry, open_file, read_exact_at, reserve, write_all_at};
use crate::folder::{Access, Folder, Intrusion};
use crate::own_folder::{MOST_MARKS, Stage};
use crate::pieces::missing_bytes;
use crate::remote::Content;
use crate::staged_name::StagedName;

/// A file up to this length is kept in memory until it is whole; an interruption loses it.
pub(crate) const WHOLE: u64 = 64 * 1024;

const BUFFER: usize = 256 * 1024;

/// A file that has to be gathered.
#[derive(Debug, Clone)]
pub(crate) struct StageJob {
    /// Its name in the stage.
    pub(crate) name: StagedName,
    /// Where it goes, for messages.
    pub(crate) path: RelPath,
    pub(crate) size: u64,
    pub(crate) content: Content,
    pub(crate) object: ObjectRef,
    /// A file of the install folder that has these very bytes.
    pub(crate) local: Option<LocalSource>,
    /// A file of the install folder that has some of the pieces at their places.
    pub(crate) seed: Option<Seed>,
}

/// A file of the install folder with the wanted bytes.
#[derive(Debug, Clone)]
pub(crate) struct LocalSource {
    pub(crate) path: PathBuf,
    /// Whether it is going away, so that its inode can be taken over.
    pub(crate) leaves: bool,
}

/// A file of the install folder whose pieces may be used.
#[derive(Debug, Clone)]
pub(crate) struct Seed {
    pub(crate) path: PathBuf,
    pub(crate) pieces: Vec<Digest>,
}

/// What the bytes of a unit must hash to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Piece(Digest),
    Md5(Md5Digest),
}

/// A run of bytes that is verified as one: a piece, or a whole file of the 2017 format.
#[derive(Debug)]
pub(crate) struct Unit {
    pub(crate) range: Range<u64>,
    expected: Expected,
    index: u64,
}

/// Hashes a unit as it arrives.
#[derive(Debug, Clone)]
pub(crate) enum UnitHasher {
    Piece(Box<PieceHasher>),
    Md5(Box<Md5>),
}

impl UnitHasher {
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Piece(hasher) => hasher.update(bytes),
            Self::Md5(hasher) => hasher.update(bytes),
        }
    }

    fn finish(self) -> Expected {
        match self {
            Self::Piece(hasher) => Expected::Piece(hasher.finish()),
            Self::Md5(hasher) => Expected::Md5(Md5Digest::from_bytes(hasher.finalize().into())),
        }
    }
}

/// A unit that is not whole yet: what of it is on the disk, and the hash of that.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(crate) done: u64,
    pub(crate) hasher: UnitHasher,
}

/// A staged file, open for several connections at once.
#[derive(Debug)]
pub(crate) struct StagedFile {
    pub(crate) job: StageJob,
    /// Whether an earlier run has begun it.
    is_begun: bool,
    pub(crate) units: Vec<Unit>,
    stage: Arc<Stage>,
    open: Mutex<Handles>,
}

/// The files of a staged file: there may be more of them than a process may hold open.
#[derive(Debug, Default)]
struct Handles {
    now: Option<Arc<OpenFiles>>,
    /// Whether this run has had them open. From then on they are not made anew: one that has gone
    /// would come back with holes where verified bytes were.
    had: bool,
}

#[derive(Debug)]
struct OpenFiles {
    data: File,
    /// How many bytes of each unit are written, eight bytes each: a hint for the next start, which
    /// hashes them again.
    marks: File,
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

/// The staged files that are there already. What an update to another release left is dropped.
pub(crate) fn take_stock(stage: &Stage, jobs: &[StageJob]) -> io::Result<HashSet<StagedName>> {
    stage.keep_only(&jobs.iter().map(|job| &job.name).collect())
}

impl StageJob {
    /// Bytes that have to be fetched, when nothing is staged and the seed is what it was recorded as.
    pub(crate) fn wanted_bytes(&self) -> u64 {
        match (&self.content, &self.seed) {
            (Content::Known(entry), Some(seed)) => missing_bytes(entry, &seed.pieces),
            _ => self.size,
        }
    }

    /// Bytes that an interrupted run has fetched for this job.
    pub(crate) fn staged_bytes(&self, stage: &Stage) -> u64 {
        stage.arrived_bytes_of(&self.name).min(self.size)
    }
}

impl StagedFile {
    pub(crate) fn new(stage: &Arc<Stage>, job: StageJob, is_begun: bool) -> Self {
        let (units, stage) = (units_of(&job), Arc::clone(stage));
        Self { units, stage, open: Mutex::default(), job, is_begun }
    }

    /// Where it is, for messages.
    pub(crate) fn place(&self) -> PathBuf {
        self.stage.place_of(&self.job.name)
    }

    fn leaf(&self) -> &str {
        self.job.name.leaf()
    }

    /// Whether some of it may have to be read from the disk.
    pub(crate) fn may_be_here(&self) -> bool {
        self.is_begun || self.job.local.is_some() || self.job.seed.is_some()
    }

    /// Whether the file is held in memory until it is whole.
    pub(crate) fn is_small(&self) -> bool {
        self.job.size <= WHOLE
    }

    pub(crate) fn hasher(&self, unit: usize) -> UnitHasher {
        match self.units[unit].expected {
            Expected::Piece(_) => {
                UnitHasher::Piece(Box::new(PieceHasher::new(self.job.size, self.units[unit].index)))
            }
            Expected::Md5(_) => UnitHasher::Md5(Box::default()),
        }
    }

    /// Whether the hashed bytes are the unit's.
    pub(crate) fn accepts(&self, unit: usize, hasher: UnitHasher) -> bool {
        hasher.finish() == self.units[unit].expected
    }

    /// Writes a small file that is whole and verified.
    pub(crate) fn write_small(&self, bytes: &[u8]) -> io::Result<()> {
        self.make_shard()?.write(self.leaf(), bytes)
    }

    /// Writes bytes of a unit and notes how far it is.
    pub(crate) fn write(&self, unit: usize, done: u64, bytes: &[u8]) -> io::Result<()> {
        let files = self.files()?;
        write_all_at(&files.data, bytes, self.units[unit].range.start + done)?;
        let mark = done + bytes.len() as u64;
        write_all_at(&files.marks, &mark.to_le_bytes(), 8 * unit as u64)
    }

    /// Closes the files: there may be more staged files than a process may hold open.
    pub(crate) fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).now.take();
    }

    fn files(&self) -> io::Result<Arc<OpenFiles>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = &open.now {
            return Ok(Arc::clone(files));
        }
        let shard = if open.had { self.stage.shard(&self.job.name)? } else { Some(self.make_shard()?) };
        let shard = shard.ok_or(io::ErrorKind::NotFound)?;
        let data = opened(&shard, self.leaf(), open.had)?;
        reserve(&data, self.job.size)?;
        let marks = opened(&shard, &self.job.name.marks(), open.had)?;
        marks.set_len(8 * self.units.len() as u64)?;
        let files = Arc::new(OpenFiles { data, marks });
        *open = Handles { now: Some(Arc::clone(&files)), had: true };
        Ok(files)
    }

    fn make_shard(&self) -> io::Result<Folder> {
        self.stage.make_shard(&self.job.name)
    }

    /// Takes over what is here already: an interrupted download, the same bytes in the install
    /// folder, or pieces of an older file. Every byte of it is hashed.
    pub(crate) fn gather(&self) -> io::Result<Missing> {
        if let Some(local) = &self.job.local
            && self.take_local(local)?
        {
            return Ok(self.nothing_missing());
        }
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
        Missing { units: Vec::new(), partial: Vec::new(), present: self.job.size }
    }

    fn all_missing(&self) -> Missing {
        Missing { units: (0..self.units.len()).collect(), partial: Vec::new(), present: 0 }
    }

    fn gather_small(&self, shard: &Folder) -> io::Result<Missing> {
        let bytes = match shard.read(self.leaf(), self.job.size) {
            Ok(Some(bytes)) if bytes.len() as u64 == self.job.size => bytes,
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
        for (at, unit) in self.units.iter().enumerate() {
            let mark =
                marks.get(8 * at..8 * at + 8).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
            let done = mark.unwrap_or(0).min(unit.range.end - unit.range.start);
            if done == 0 {
                continue;
            }
            // What can't be read back is fetched again.
            let Ok(hasher) = self.hash_range(&files.data, at, done, &mut buffer) else {
                continue;
            };
            if unit.range.start + done < unit.range.end {
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
        let start = self.units[unit].range.start;
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
        if file.metadata()?.len() != self.job.size {
            return Ok(false);
        }
        for (at, unit) in self.units.iter().enumerate() {
            let length = unit.range.end - unit.range.start;
            if !self.accepts(at, self.hash_range(&file, at, length, &mut buffer)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn take_seed(&self, seed: &Seed, missing: &mut Missing) -> io::Result<()> {
        let Ok(old) = open_file(&seed.path) else {
            return Ok(());
        };
        let mut buffer = vec![0; naru_protocol::PIECE_LENGTH as usize];
        let mut taken = Vec::new();
        for &unit in &missing.units {
            let same =
                seed.pieces.get(unit).map(|piece| Expected::Piece(*piece)) == Some(self.units[unit].expected);
            let range = &self.units[unit].range;
            let bytes = &mut buffer[..(range.end - range.start).min(naru_protocol::PIECE_LENGTH) as usize];
            if !same || read_exact_at(&old, bytes, range.start).is_err() {
                continue;
            }
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

/// Opens a file of the stage to write to it; one that this run has had open is not made anew. What is
/// no plain file, or has another name elsewhere, is never written to.
fn opened(shard: &Folder, name: &str, had: bool) -> io::Result<File> {
    let found = match shard.open(name, Access::Write) {
        Err(error) if Intrusion::of(&error).is_some() => None,
        found => found?,
    };
    match found {
        Some(file) if !shard.is_shared(name)? || had => Ok(file),
        None if had => Err(io::ErrorKind::NotFound.into()),
        _ => shard.create(name),
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn units_of(job: &StageJob) -> Vec<Unit> {
    match &job.content {
        Content::Md5(digest) => vec![Unit { range: 0..job.size, expected: Expected::Md5(*digest), index: 0 }],
        Content::Known(entry) => (0..piece_count(job.size))
            .zip(entry.piece_digests())
            .map(|(index, digest)| Unit {
                range: piece_range(job.size, index),
                expected: Expected::Piece(*digest),
                index,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::own_folder::OwnFolder;

    fn name_of(byte: u8) -> StagedName {
        StagedName::of(&Content::Md5(Md5Digest::from_bytes([byte; 16])), 1)
    }

    /// An empty stage and its path.
    fn stage(install: &Path) -> (Stage, PathBuf) {
        let stage = OwnFolder::new(install).make_stage().expect("a stage");
        let path = stage.path().to_path_buf();
        std::fs::create_dir(path.join("ab")).expect("a folder");
        (stage, path)
    }

    #[test]
    fn reserved_room_is_not_arrived() {
        let install = tempfile::tempdir().expect("a folder");
        let (stage, path) = stage(install.path());
        let (large, small) =
            (name_of(0xab), StagedName::of(&Content::Md5(Md5Digest::from_bytes([0xab; 16])), 2));
        let file = |name: &str, bytes: &[u8]| std::fs::write(path.join(name), bytes).expect("a file");
        file(large.as_str(), &[0; 1000]);
        file(&format!("ab/{}", large.marks()), &[3u64.to_le_bytes(), 4u64.to_le_bytes()].concat());
        file(small.as_str(), b"whole");
        assert_eq!(stage.arrived_bytes(), 3 + 4 + 5);
        file(&format!("ab/{}", large.marks()), &[0xff; 16]);
        assert_eq!(stage.arrived_bytes(), 1000 + 5, "marks are a hint: a file has no more than its length");
        std::fs::remove_dir_all(&path).expect("removed");
        assert_eq!(stage.arrived_bytes(), 0);
    }

    #[test]
    fn only_what_a_job_names_stays_in_the_stage() {
        let install = tempfile::tempdir().expect("a folder");
        let (stage, path) = stage(install.path());
        let (wanted, stranger) =
            (name_of(0xab), StagedName::of(&Content::Md5(Md5Digest::from_bytes([0xab; 16])), 2));
        let of = |name: &StagedName| [name.leaf().to_owned(), name.marks()];
        for leaf in [of(&wanted), of(&stranger)].as_flattened() {
            std::fs::write(path.join("ab").join(leaf), b"").expect("a file");
        }
        std::fs::write(path.join("manifest"), b"").expect("a file");
        let job = StageJob {
            name: wanted.clone(),
            path: RelPath::parse("a").expect("a path"),
            size: 0,
            content: Content::Md5(Md5Digest::from_bytes([0xab; 16])),
            object: ObjectRef::newest("a"),
            local: None,
            seed: None,
        };
        let found = take_stock(&stage, std::slice::from_ref(&job)).expect("listed");
        assert_eq!(found, HashSet::from([wanted]));
        assert_eq!(std::fs::read_dir(&path).expect("listed").count(), 1);
        let left = std::fs::read_dir(path.join("ab")).expect("listed").count();
        assert_eq!(left, 2, "the file and its marks; the rest would take the room of what is to come");
    }
}
