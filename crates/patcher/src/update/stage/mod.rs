//! The stage: where everything that an update needs is gathered and verified before the live tree
//! is touched (`<install>/.naru/stage`).
//!
//! A staged file is named by what its bytes must be, so an interrupted download is found again, and
//! nothing in the stage is trusted without hashing it again.

mod gather;
mod staged_file;

use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use naru_protocol::Digest;

pub(crate) use self::gather::{Missing, Partial};
pub(crate) use self::staged_file::StagedFile;
use crate::install_folder::{Stage, StagedName};
use crate::release::WantedFile;

/// A file up to this length is kept in memory until it is whole; an interruption loses it.
pub(crate) const WHOLE: u64 = 64 * 1024;

/// A file that has to be gathered.
#[derive(Debug)]
pub(crate) struct StageJob {
    /// Its name in the stage.
    pub(crate) name: StagedName,
    pub(crate) wanted: Arc<WantedFile>,
    /// A file of the install folder that has these very bytes.
    pub(crate) local: Option<LocalSource>,
    /// A file of the install folder that has some of the pieces at their places.
    pub(crate) seed: Option<Seed>,
}

/// A file of the install folder with the wanted bytes.
#[derive(Debug)]
pub(crate) struct LocalSource {
    pub(crate) path: PathBuf,
    /// Whether it is going away, so that its inode can be taken over.
    pub(crate) leaves: bool,
}

/// A file of the install folder whose pieces may be used.
#[derive(Debug)]
pub(crate) struct Seed {
    pub(crate) path: PathBuf,
    pub(crate) pieces: Vec<Digest>,
}

/// The staged files that are there already. What an update to another release left is dropped.
pub(crate) fn take_stock<'a>(
    stage: &Stage,
    jobs: impl Iterator<Item = &'a Arc<StageJob>>,
) -> io::Result<HashSet<StagedName>> {
    stage.keep_only(&jobs.map(|job| &job.name).collect())
}

impl StageJob {
    /// Bytes that have to be fetched, when nothing is staged and the seed is what it was recorded as.
    pub(crate) fn wanted_bytes(&self) -> u64 {
        match &self.seed {
            Some(seed) => self.wanted.missing_bytes(&seed.pieces),
            None => self.wanted.size(),
        }
    }

    /// Bytes that an interrupted run has fetched for this job.
    pub(crate) fn staged_bytes(&self, stage: &Stage) -> u64 {
        stage.arrived_bytes_of(&self.name).min(self.wanted.size())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use naru_protocol::{Digest, FileEntry, Md5Digest, RelPath};

    use super::*;
    use crate::install_folder::OwnFolder;
    use crate::release::{Checksum, Content};

    fn name_of(byte: u8) -> StagedName {
        copy_of(byte, 1)
    }

    fn copy_of(byte: u8, copy: u32) -> StagedName {
        StagedName::of(Checksum::Md5(Md5Digest::from_bytes([byte; 16])), copy)
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
        let (large, small) = (name_of(0xab), copy_of(0xab, 2));
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
        let (wanted, stranger) = (name_of(0xab), copy_of(0xab, 2));
        let of = |name: &StagedName| [name.leaf().to_owned(), name.marks()];
        for leaf in [of(&wanted), of(&stranger)].as_flattened() {
            std::fs::write(path.join("ab").join(leaf), b"").expect("a file");
        }
        std::fs::write(path.join("manifest"), b"").expect("a file");
        let (name, digest) = (RelPath::parse("a").expect("a path"), Digest::of(b""));
        let entry = FileEntry { path: name, size: 0, digest, executable: false, pieces: Vec::new() };
        let file = WantedFile { content: Content::Known(entry), version: "1".into() };
        let job = StageJob { name: wanted.clone(), wanted: Arc::new(file), local: None, seed: None };
        let found = take_stock(&stage, [&Arc::new(job)].into_iter()).expect("listed");
        assert_eq!(found, HashSet::from([wanted]));
        assert_eq!(std::fs::read_dir(&path).expect("listed").count(), 1);
        let left = std::fs::read_dir(path.join("ab")).expect("listed").count();
        assert_eq!(left, 2, "the file and its marks; the rest would take the room of what is to come");
    }
}
