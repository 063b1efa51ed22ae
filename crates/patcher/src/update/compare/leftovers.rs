//! Files of the installed release that the wanted one does not have.

use std::collections::HashSet;
use std::path::Path;

use naru_protocol::{FileList2017, RelPath};

use super::classify::has_md5;
use super::obstacles::Links;
use super::{Comparer, PathProbe};
use crate::UpdateError;
use crate::disk::{Entry, FileStat, Seen};
use crate::globs::Globs;
use crate::hash::hash_file;
use crate::install_folder::Row;

/// A file of the older release that is to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaving {
    pub(crate) path: RelPath,
    /// What is there; `None` where the player has removed it already.
    pub(crate) stat: Option<FileStat>,
}

impl Leaving {
    pub(crate) fn seen(&self) -> Option<Seen> {
        self.stat.map(Seen::from)
    }

    pub(crate) fn entry(&self) -> Entry {
        self.stat.map_or(Entry::Missing, Entry::File)
    }
}

impl Comparer<'_> {
    /// Files of the older release that the new one does not have: those to remove, and those to
    /// forget, because something else than our file is there. Nothing else is ever removed.
    pub(super) fn leftovers(
        &self,
        wanted: &HashSet<&RelPath>,
        obstacle: &mut Option<UpdateError>,
    ) -> Result<(Vec<Leaving>, Vec<RelPath>), UpdateError> {
        let root = &self.own.install;
        let (preserve, config) = (Globs::new(&self.known.preserve)?, Globs::new(&self.known.config)?);
        let (mut links, mut probe) = (Links::new(root), PathProbe::new(root));
        let (mut removed, mut forgotten) = (Vec::new(), Vec::new());
        for (path, row) in self.known.rows.iter().filter(|(path, _)| !wanted.contains(path)) {
            let entry = match links.lead_to(path) {
                true => Ok(Entry::Link),
                false => look(&mut probe, root, path),
            };
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    obstacle.get_or_insert(error);
                    continue;
                }
            };
            // A file that was installed goes with the release, whatever bytes it has now. A config file
            // goes only with the installed bytes: others are the player's edit. A link or a folder in the
            // file's place was put there by the player.
            let is_ours = match &entry {
                Entry::File(stat) => !config.matches(path) || has_bytes_of(root, path, stat, row),
                Entry::Missing => true,
                Entry::Folder | Entry::Link | Entry::Other => false,
            };
            if is_ours && !preserve.matches(path) {
                removed.push(Leaving { path: path.clone(), stat: entry.stat() });
            } else {
                forgotten.push(path.clone());
            }
        }
        for (path, record) in self.known.list_2017.iter().flat_map(FileList2017::iter) {
            if !wanted.contains(path) && !links.lead_to(path) && has_md5(root, path, record.checksum) {
                removed.push(Leaving { path: path.clone(), stat: look(&mut probe, root, path)?.stat() });
            }
        }
        removed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((removed, forgotten))
    }
}

fn look<'a>(probe: &mut PathProbe<'a>, root: &Path, path: &'a RelPath) -> Result<Entry, UpdateError> {
    probe.look(path).map_err(UpdateError::io("looking at", &path.below(root)))
}

/// Whether a file is as we installed it. One that can't be read may be the player's.
fn has_bytes_of(root: &Path, path: &RelPath, stat: &FileStat, row: &Row) -> bool {
    row.vouches_for(stat) || hash_file(&path.below(root), stat).is_ok_and(|hash| hash.digest == row.digest)
}
