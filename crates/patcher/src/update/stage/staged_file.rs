//! A file of the stage, and the units by which its bytes are verified.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use md5::{Digest as _, Md5};
use naru_protocol::{Digest, Md5Digest, PieceHasher, piece_range};

use super::{StageJob, WHOLE};
use crate::disk::{reserve, write_all_at};
use crate::folder::{Access, Folder, Intrusion};
use crate::install_folder::Stage;
use crate::release::Content;

/// What the bytes of a unit must hash to. A unit is verified as one: a piece, or a whole file of the
/// 2017 format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Piece(Digest),
    Md5(Md5Digest),
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

/// A staged file, open for several connections at once.
#[derive(Debug)]
pub(crate) struct StagedFile {
    pub(crate) job: Arc<StageJob>,
    /// Whether an earlier run has begun it.
    pub(super) is_begun: bool,
    pub(super) stage: Arc<Stage>,
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
pub(super) struct OpenFiles {
    pub(super) data: File,
    /// How many bytes of each unit are written, eight bytes each: a hint for the next start, which
    /// hashes them again.
    marks: File,
}

impl StagedFile {
    pub(crate) fn new(stage: &Arc<Stage>, job: Arc<StageJob>, is_begun: bool) -> Self {
        Self { stage: Arc::clone(stage), open: Mutex::default(), job, is_begun }
    }

    /// Where it is, for messages.
    pub(crate) fn place(&self) -> PathBuf {
        self.stage.place_of(&self.job.name)
    }

    pub(super) fn leaf(&self) -> &str {
        self.job.name.leaf()
    }

    pub(crate) fn size(&self) -> u64 {
        self.job.wanted.size()
    }

    /// Whether some of it may have to be read from the disk.
    pub(crate) fn may_be_here(&self) -> bool {
        self.is_begun || self.job.local.is_some() || self.job.seed.is_some()
    }

    /// Whether the file is held in memory until it is whole.
    pub(crate) fn is_small(&self) -> bool {
        self.size() <= WHOLE
    }

    pub(crate) fn units(&self) -> Range<usize> {
        match &self.job.wanted.content {
            Content::Known(entry) => 0..entry.piece_digests().len(),
            Content::Md5(_) => 0..1,
        }
    }

    /// Where the bytes of a unit are.
    pub(crate) fn range(&self, unit: usize) -> Range<u64> {
        match &self.job.wanted.content {
            Content::Known(entry) => piece_range(entry.size, unit as u64),
            Content::Md5(_) => 0..self.size(),
        }
    }

    pub(super) fn expected(&self, unit: usize) -> Expected {
        match &self.job.wanted.content {
            Content::Known(entry) => Expected::Piece(entry.piece_digests()[unit]),
            Content::Md5(file) => Expected::Md5(file.checksum),
        }
    }

    pub(crate) fn hasher(&self, unit: usize) -> UnitHasher {
        match &self.job.wanted.content {
            Content::Known(entry) => UnitHasher::Piece(Box::new(PieceHasher::new(entry.size, unit as u64))),
            Content::Md5(_) => UnitHasher::Md5(Box::default()),
        }
    }

    /// Whether the hashed bytes are the unit's.
    pub(crate) fn accepts(&self, unit: usize, hasher: UnitHasher) -> bool {
        hasher.finish() == self.expected(unit)
    }

    /// Writes a small file that is whole and verified.
    pub(crate) fn write_small(&self, bytes: &[u8]) -> io::Result<()> {
        self.make_shard()?.write(self.leaf(), bytes)
    }

    /// Writes bytes of a unit and notes how far it is.
    pub(crate) fn write(&self, unit: usize, done: u64, bytes: &[u8]) -> io::Result<()> {
        let files = self.files()?;
        write_all_at(&files.data, bytes, self.range(unit).start + done)?;
        // After the bytes: a mark that is ahead of them would only cost a hash that does not fit.
        let mark = done + bytes.len() as u64;
        write_all_at(&files.marks, &mark.to_le_bytes(), 8 * unit as u64)
    }

    /// Closes the files: there may be more staged files than a process may hold open.
    pub(crate) fn close(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).now.take();
    }

    pub(super) fn files(&self) -> io::Result<Arc<OpenFiles>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = &open.now {
            return Ok(Arc::clone(files));
        }
        let shard = if open.had { self.stage.shard(&self.job.name)? } else { Some(self.make_shard()?) };
        let shard = shard.ok_or(io::ErrorKind::NotFound)?;
        let data = opened(&shard, self.leaf(), open.had)?;
        // A full disk shows here, while the old release is whole.
        reserve(&data, self.size())?;
        let marks = opened(&shard, &self.job.name.marks(), open.had)?;
        marks.set_len(8 * self.units().len() as u64)?;
        let files = Arc::new(OpenFiles { data, marks });
        *open = Handles { now: Some(Arc::clone(&files)), had: true };
        Ok(files)
    }

    pub(super) fn make_shard(&self) -> io::Result<Folder> {
        self.stage.make_shard(&self.job.name)
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
