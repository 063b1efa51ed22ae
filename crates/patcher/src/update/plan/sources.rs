//! Where the bytes of a file come from, other than the store: a file of the install folder that has all
//! of them, or some of its pieces.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use naru_protocol::{Digest, Manifest, RelPath};

use crate::install_folder::{Known, StagedName};
use crate::release::Checksum;
use crate::update::compare::{ComparedFile, Comparison, FileStatus};
use crate::update::stage::{LocalSource, Seed, StageJob};

/// The files of the install folder, as sources of bytes.
pub(super) struct Sources<'a> {
    root: &'a Path,
    by_content: HashMap<Digest, Here<'a>>,
    /// The manifest of the installed release: which pieces its files have.
    old: Option<&'a Manifest>,
    /// Files whose inodes are taken over.
    taken: HashSet<&'a RelPath>,
    /// How many staged files have the same bytes: each is moved to its own place.
    copies: HashMap<Checksum, u32>,
}

/// A file that is here.
#[derive(Clone, Copy)]
struct Here<'a> {
    path: &'a RelPath,
    /// Whether it gives up its place.
    leaves: bool,
}

impl<'a> Sources<'a> {
    /// Files of the install folder by what their bytes are now.
    pub(super) fn new(
        root: &'a Path,
        comparison: &'a Comparison,
        known: &'a Known,
        old: Option<&'a Manifest>,
    ) -> Self {
        let (by_content, taken, copies) = (HashMap::new(), HashSet::new(), HashMap::new());
        let mut sources = Self { root, by_content, old, taken, copies };
        let recorded = |path: &RelPath| known.rows.get(path).map(|row| row.digest);
        for file in &comparison.files {
            let path = file.wanted.path();
            match &file.status {
                FileStatus::Right { digest, .. } => sources.add(Some(*digest), Here { path, leaves: false }),
                // If it was not read, its stat confirms the row.
                FileStatus::Differs { hash, .. } => {
                    let digest = hash.as_ref().map(|hash| hash.digest).or_else(|| recorded(path));
                    sources.add(digest, Here { path, leaves: true });
                }
                _ => {}
            }
        }
        for leaving in &comparison.removed {
            sources.add(recorded(&leaving.path), Here { path: &leaving.path, leaves: true });
        }
        sources
    }

    fn add(&mut self, digest: Option<Digest>, here: Here<'a>) {
        let Some(digest) = digest else { return };
        // One that leaves wins: its inode can be taken over.
        if here.leaves || !self.by_content.contains_key(&digest) {
            self.by_content.insert(digest, here);
        }
    }

    /// How a file is to be staged.
    pub(super) fn job(&mut self, file: &ComparedFile) -> StageJob {
        let checksum = file.wanted.checksum();
        let copies = self.copies.entry(checksum).or_insert(0);
        *copies += 1;
        StageJob {
            name: StagedName::of(checksum, *copies),
            wanted: Arc::clone(&file.wanted),
            local: self.local(file),
            seed: self.seed(file),
        }
    }

    /// A file that has the very bytes. An inode can be taken over once; every further file of the same
    /// bytes is a copy.
    fn local(&mut self, file: &ComparedFile) -> Option<LocalSource> {
        let here = *self.by_content.get(file.wanted.digest()?)?;
        let path = here.path.below(self.root);
        let is_first = self.taken.insert(here.path);
        Some(LocalSource { path, leaves: here.leaves && is_first })
    }

    /// The pieces of what lies at the place now.
    fn seed(&self, file: &ComparedFile) -> Option<Seed> {
        let path = file.wanted.path();
        let pieces = match &file.status {
            FileStatus::Differs { hash: Some(hash), .. } => hash.pieces.clone(),
            FileStatus::Differs { hash: None, .. } => self.old?.get(path)?.pieces.clone(),
            _ => return None,
        };
        (pieces.len() > 1).then(|| Seed { path: path.below(self.root), pieces })
    }
}
