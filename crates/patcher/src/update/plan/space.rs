//! How much of a disk an update needs: counted before a byte is fetched, so that a full disk is met
//! while the old release is whole.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use naru_protocol::{PIECE_LENGTH, RelPath};

use super::UpdatePlan;
use super::planned_file::PlannedFile;
use crate::UpdateError;
use crate::disk::{free_bytes, free_inodes};
use crate::install_folder::{OwnFolder, Stage, StagedName};
use crate::update::stage::{StageJob, WHOLE};

/// Space for the journal, per changed file.
const JOURNAL_PER_FILE: u64 = 1024;

/// Fixed space for Naru's own folders and the file system's overhead.
const OVERHEAD: u64 = 1 << 20;

/// Space for the ledger, the manifest and the locations, per file of the release and per piece.
const RECORD_PER_FILE: u64 = 512;
const RECORD_PER_PIECE: u64 = 64;

/// Disks give out blocks of this many bytes.
const BLOCK: u64 = 4096;

/// What a name takes in a folder beside its bytes.
const NAME: u64 = 12;

/// What fits into a new folder's first block, with room to spare.
const FIRST_BLOCK: u64 = 3072;

/// Blocks that a folder may need to begin an index.
const INDEX: u64 = 3;

/// Folders that the staged files are spread over.
const SHARDS: u64 = 256;

/// Inodes of Naru's own files: lock, journal, ledger, documents and the like.
const OWN_INODES: u64 = 16;

/// What an update takes at most, beside what is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Room {
    bytes: u64,
    inodes: u64,
}

impl UpdatePlan {
    /// Refuses an update for which the disk has no room, before a byte is fetched.
    pub(crate) fn check_space(
        &self,
        own: &OwnFolder,
        stage: &Stage,
        staged: &HashSet<StagedName>,
    ) -> Result<(), UpdateError> {
        let needed = self.room(own, stage, staged);
        let path = || own.install.clone();
        match free_bytes(&own.path()) {
            Some(available) if available < needed.bytes => {
                return Err(UpdateError::NoSpace { path: path(), needed: needed.bytes, available });
            }
            _ => {}
        }
        match free_inodes(&own.path()) {
            Some(available) if available < needed.inodes => {
                Err(UpdateError::NoInodes { path: path(), needed: needed.inodes, available })
            }
            _ => Ok(()),
        }
    }

    fn room(&self, own: &OwnFolder, stage: &Stage, staged: &HashSet<StagedName>) -> Room {
        let fresh = self.jobs().filter(|job| !staged.contains(&job.name)).count() as u64;
        let large = self.jobs().filter(|job| job.wanted.size() > WHOLE).count() as u64;
        let folders = fresh.min(SHARDS) + self.new_folders(&own.install);
        let ledger = own.allocated_for_ledger();
        let records = self.files * RECORD_PER_FILE + self.bytes / PIECE_LENGTH * RECORD_PER_PIECE;
        let changes = (self.jobs().count() + self.removed.len()) as u64;
        let placed = self.planned.iter().filter_map(PlannedFile::placed);
        let new = placed.filter(|(_, placement)| placement.replaces.is_none()).map(|(path, _)| path);
        Room {
            bytes: self.file_bytes(stage, staged)
                + (folders + large) * BLOCK
                + ledger
                + records
                + JOURNAL_PER_FILE * changes
                + bytes_for_names(&own.install, new)
                + OVERHEAD,
            inodes: fresh + large + folders + OWN_INODES,
        }
    }

    fn file_bytes(&self, stage: &Stage, staged: &HashSet<StagedName>) -> u64 {
        let need = |job: &Arc<StageJob>| {
            let linked = job.local.as_ref().is_some_and(|local| local.leaves);
            let here = if staged.contains(&job.name) { stage.allocated(&job.name) } else { 0 };
            if linked { 0 } else { blocks(job.wanted.size()).saturating_sub(here) }
        };
        self.jobs().map(need).sum()
    }

    fn new_folders(&self, root: &Path) -> u64 {
        let placed = self.planned.iter().filter_map(PlannedFile::placed);
        let paths = placed.flat_map(|(path, _)| path.parents());
        let folders: HashSet<&str> = paths.collect();
        folders.into_iter().filter(|folder| !root.join(folder).is_dir()).count() as u64
    }
}

/// What folders grow by when these names come into them, at most. A folder with an index splits a full
/// block into two that are half full, so names may take twice their size.
pub(crate) fn bytes_for_names<'a>(root: &Path, paths: impl Iterator<Item = &'a RelPath>) -> u64 {
    let mut folders: BTreeMap<&str, u64> = BTreeMap::new();
    for path in paths {
        let folder = path.parents().last().unwrap_or_default();
        let name = path.as_str().len() - folder.len();
        *folders.entry(folder).or_default() += name as u64 + NAME;
    }
    let growth = |(folder, names): (&str, u64)| match root.join(folder).is_dir() {
        false if names <= FIRST_BLOCK => 0,
        _ => blocks(2 * names) + INDEX * BLOCK,
    };
    // An obstacle that appears later is moved aside to an extra name, which is not counted.
    INDEX * BLOCK + folders.into_iter().map(growth).sum::<u64>()
}

fn blocks(size: u64) -> u64 {
    size.div_ceil(BLOCK) * BLOCK
}
