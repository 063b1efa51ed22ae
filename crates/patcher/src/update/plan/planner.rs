//! A comparison becomes a plan.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use naru_protocol::{Manifest, RelPath};

use super::UpdatePlan;
use super::planned_file::{Beside, Placement, PlannedFile, Step};
use super::sources::Sources;
use crate::disk::{Entry, FileStat, entry_at};
use crate::hash::{hash_file, md5_of};
use crate::install_folder::{Installed, Known};
use crate::release::{Content, ReleaseHead, WantedFile};
use crate::update::compare::{ComparedFile, Comparison, FileStatus, Leaving};
use crate::update::free_name::candidates;

/// Versions of one config file that may be beside the player's.
const MOST_VERSIONS: usize = 1000;

/// Turns a comparison into a plan.
pub(crate) struct Planner<'a> {
    pub(crate) root: &'a Path,
    pub(crate) known: &'a Known,
    /// The manifest of the installed release.
    pub(crate) old: Option<&'a Manifest>,
    pub(crate) from: Option<&'a Installed>,
}

impl Planner<'_> {
    pub(crate) fn plan(&self, release: ReleaseHead, comparison: Comparison) -> UpdatePlan {
        let planned = self.planned_files(&comparison);
        let mut plan = UpdatePlan {
            from: self.from.map(|installed| installed.number),
            to: release.number,
            notes: release.notes.clone(),
            files: planned.len() as u64,
            bytes: planned.iter().map(|file| file.wanted.size()).sum(),
            download_files: 0,
            download_bytes: 0,
            staged_bytes: 0,
            moved_files: 0,
            deleted_files: 0,
            kept: kept(&planned),
            untouched: self.untouched(&comparison),
            interrupted: false,
            recorded: self.is_recorded(&release, &comparison, &planned),
            planned,
            removed: comparison.removed,
            forgotten: comparison.forgotten,
            release,
            basis: self.from.cloned(),
        };
        self.count(&mut plan);
        plan
    }

    fn planned_files(&self, comparison: &Comparison) -> Vec<PlannedFile> {
        let mut sources = Sources::new(self.root, comparison, self.known, self.old);
        comparison.files.iter().map(|file| self.planned(file, comparison, &mut sources)).collect()
    }

    fn planned(&self, file: &ComparedFile, all: &Comparison, sources: &mut Sources<'_>) -> PlannedFile {
        let step = match &file.status {
            FileStatus::Right { mode_is_right: false, .. } => Step::SetMode { before: file.entry },
            FileStatus::Missing
            | FileStatus::Differs { .. }
            | FileStatus::Foreign
            | FileStatus::Unreadable { .. } => Step::Place(placement(file, file.entry, sources)),
            FileStatus::Player { release_changed: true } => {
                Step::Beside(Box::new(self.beside(file, all, sources)))
            }
            _ => Step::Stay,
        };
        self.row(file, step)
    }

    /// How one file will be recorded.
    fn row(&self, file: &ComparedFile, step: Step) -> PlannedFile {
        let wanted = &file.wanted;
        let row = self.known.rows.get(wanted.path());
        let kept = file.status.is_players();
        let digest = match &file.status {
            FileStatus::Right { digest, .. } => Some(*digest),
            FileStatus::Player { .. } | FileStatus::Preserved if wanted.digest().is_none() => {
                row.map(|row| row.digest)
            }
            _ => wanted.digest().copied(),
        };
        // A right file whose time has moved is recorded anew, so that it is not read every time.
        let vouched = |stat: FileStat| row.is_some_and(|row| row.vouches_for(&stat) || (kept && row.kept));
        let stat = file.entry.stat();
        let recorded = row
            .is_some_and(|row| Some(row.digest) == digest && row.executable == wanted.is_executable())
            && stat.map_or(kept, vouched);
        let known_entry = match &wanted.content {
            Content::Known(_) => None,
            Content::Md5(_) => self.old.and_then(|old| old.get(wanted.path())),
        };
        PlannedFile {
            wanted: Arc::clone(wanted),
            step,
            kept,
            recorded,
            seen: file.entry.seen(),
            known_entry: known_entry.filter(|old| Some(old.digest) == digest).cloned().map(Box::new),
        }
    }

    /// The release's version of a file that the player has changed. An update without a ledger finds
    /// there what an earlier one has put beside the player's file.
    fn beside(&self, file: &ComparedFile, all: &Comparison, sources: &mut Sources<'_>) -> Beside {
        match self.place_beside(&file.wanted, all) {
            None => Beside::Nowhere,
            Some((path, entry)) if self.is_there(&file.wanted, &path, &entry) => Beside::IsThere(path),
            Some((path, entry)) => Beside::Placed(path, placement(file, entry, sources)),
        }
    }

    /// A name beside a player's file for the release's: a free one, or one that these bytes have
    /// already, or those of the installed release still.
    fn place_beside(&self, file: &WantedFile, all: &Comparison) -> Option<(RelPath, Entry)> {
        let ours = self.known.rows.get(file.path()).map(|row| row.digest);
        let usable = |name: String| {
            let path = RelPath::parse(&name).ok()?;
            let key = path.case_key();
            if all.files.iter().any(|file| file.wanted.path().case_key() == key) {
                return None;
            }
            let place = path.below(self.root);
            match entry_at(&place).ok()? {
                Entry::Missing => Some((path, Entry::Missing)),
                entry @ Entry::File(stat) => {
                    let is_old = || hash_file(&place, &stat).is_ok_and(|hash| Some(hash.digest) == ours);
                    (self.is_there(file, &path, &entry) || is_old()).then_some((path, entry))
                }
                _ => None,
            }
        };
        candidates(file.path().as_str(), "new").take(MOST_VERSIONS).find_map(usable)
    }

    /// Whether the release's bytes are in place already.
    fn is_there(&self, file: &WantedFile, path: &RelPath, entry: &Entry) -> bool {
        let place = path.below(self.root);
        match (&file.content, entry.stat()) {
            (Content::Known(wanted), Some(stat)) => {
                hash_file(&place, &stat).is_ok_and(|hash| hash.digest == wanted.digest)
            }
            (Content::Md5(wanted), Some(_)) => {
                md5_of(&place).is_ok_and(|checksum| checksum == wanted.checksum)
            }
            (_, None) => false,
        }
    }

    /// Files that stay as the player has them, apart from those that the release has changed.
    fn untouched(&self, comparison: &Comparison) -> Vec<RelPath> {
        let stays = |file: &&ComparedFile| {
            file.status.is_players()
                && file.status != FileStatus::Player { release_changed: true }
                && file.entry != Entry::Missing
        };
        let own = comparison.files.iter().filter(stays).map(|file| file.wanted.path());
        let is_here = |path: &&RelPath| path.below(self.root).symlink_metadata().is_ok();
        let mut untouched: Vec<RelPath> =
            own.chain(comparison.forgotten.iter().filter(is_here)).cloned().collect();
        untouched.sort();
        untouched
    }

    /// Whether the ledger names this very release, and says of every file what it would say anyway.
    fn is_recorded(&self, release: &ReleaseHead, comparison: &Comparison, planned: &[PlannedFile]) -> bool {
        let is_same = |from: &Installed| {
            (&from.channel, from.epoch, from.number) == (&release.channel, release.epoch, release.number)
                && from.made_by_2017 == release.made_by_2017
                && release.documents.as_ref().is_none_or(|named| named.manifest == from.manifest)
        };
        self.from.is_some_and(is_same)
            && comparison.forgotten.is_empty()
            && comparison.removed.is_empty()
            && planned.iter().all(|file| file.recorded)
    }

    fn count(&self, plan: &mut UpdatePlan) {
        let (mut moved, mut fetched, mut bytes) = (0, 0, 0);
        for job in plan.jobs() {
            if job.local.is_some() {
                moved += 1;
            } else {
                fetched += 1;
                bytes += job.wanted_bytes();
            }
        }
        (plan.moved_files, plan.download_files, plan.download_bytes) = (moved, fetched, bytes);
        plan.deleted_files = self.truly_deleted(plan);
    }

    /// Removed files whose bytes do not live on under another name.
    fn truly_deleted(&self, plan: &UpdatePlan) -> u64 {
        let moved = plan.jobs().filter_map(|job| job.local.as_ref()).filter(|local| local.leaves);
        let moved: HashSet<&Path> = moved.map(|local| local.path.as_path()).collect();
        let is_moved = |leaving: &Leaving| moved.contains(leaving.path.below(self.root).as_path());
        plan.removed.iter().filter(|leaving| !is_moved(leaving)).count() as u64
    }
}

/// How the release's bytes get to a place. A file that is not in the ledger, or that the player changed,
/// is not replaced: it is moved aside.
fn placement(file: &ComparedFile, before: Entry, sources: &mut Sources<'_>) -> Placement {
    let is_moved_aside =
        matches!(file.status, FileStatus::Foreign | FileStatus::Unreadable { is_players: true });
    let replaces = if is_moved_aside { None } else { before.seen() };
    Placement { job: Arc::new(sources.job(file)), before, replaces }
}

fn kept(planned: &[PlannedFile]) -> Vec<RelPath> {
    let kept = planned.iter().filter(|file| matches!(file.step, Step::Beside(_)));
    kept.map(|file| file.wanted.path().clone()).collect()
}
