//! The plan of an update: a value that a dry run, a dialog and the commit read alike.

mod mounts;
mod planned_file;
mod planner;
mod sources;
mod space;

use std::path::Path;
use std::sync::Arc;

use naru_protocol::RelPath;
use serde::Serialize;

use self::mounts::check_one_mount;
pub(crate) use self::planned_file::{PlannedFile, Step};
pub(crate) use self::planner::Planner;
pub(crate) use self::space::bytes_for_names;
use super::compare::{Leaving, Obstacles, PathProbe};
use super::stage::StageJob;
use crate::UpdateError;
use crate::disk::Entry;
use crate::install_folder::{Installed, OwnFolder, Stage};
use crate::release::ReleaseHead;

/// What an update will do.
#[derive(Debug, Serialize)]
pub struct UpdatePlan {
    /// The installed release.
    pub from: Option<u64>,
    /// The release that will be installed.
    pub to: u64,
    /// Its notes.
    pub notes: String,
    /// Files of the release.
    pub files: u64,
    /// Bytes of the release.
    pub bytes: u64,
    /// Files that have to be fetched, in whole or in part.
    pub download_files: u64,
    /// Bytes that have to be fetched: of changed files, the pieces that are not in the installed ones.
    pub download_bytes: u64,
    /// Bytes that an interrupted run has fetched, which are not fetched again.
    pub staged_bytes: u64,
    /// Files whose bytes are already in the install folder under another name.
    pub moved_files: u64,
    /// Files of the installed release that go.
    pub deleted_files: u64,
    /// Files of the player that stay although the release has others.
    pub kept: Vec<RelPath>,
    /// Other files that stay as the player has them: preserved ones, config files that only the player
    /// has changed, and such that the release no longer has.
    pub untouched: Vec<RelPath>,
    /// Whether an earlier update was interrupted while it put files in place: it is finished first.
    pub interrupted: bool,
    /// Every file of the release, and what is done with it.
    #[serde(skip)]
    pub(crate) planned: Vec<PlannedFile>,
    /// Files of the installed release that are removed.
    #[serde(skip)]
    pub(crate) removed: Vec<Leaving>,
    /// Paths that the ledger forgets although a file stays there.
    #[serde(skip)]
    pub(crate) forgotten: Vec<RelPath>,
    /// Whether the ledger already says all this.
    #[serde(skip)]
    pub(crate) recorded: bool,
    #[serde(skip)]
    pub(crate) release: ReleaseHead,
    /// What the ledger said when the plan was made.
    #[serde(skip)]
    pub(crate) basis: Option<Installed>,
}

impl UpdatePlan {
    /// Whether the install folder is the release already.
    pub fn is_empty(&self) -> bool {
        let changes = |file: &PlannedFile| file.sets_mode() || file.placed().is_some();
        self.recorded && self.removed.is_empty() && !self.planned.iter().any(changes)
    }

    /// The files that have to be staged.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = &Arc<StageJob>> {
        self.planned.iter().filter_map(|file| Some(&file.placed()?.1.job))
    }

    /// Takes what an interrupted run left off the download.
    pub(crate) fn count_staged(&mut self, stage: &Stage) {
        let (mut staged_bytes, mut download_bytes) = (0, 0);
        for job in self.jobs().filter(|job| job.local.is_none()) {
            let staged = job.staged_bytes(stage);
            staged_bytes += staged;
            // Which of them are also in the installed file is known when they are read.
            download_bytes += job.wanted_bytes().min(job.wanted.size() - staged);
        }
        (self.staged_bytes, self.download_bytes) = (staged_bytes, download_bytes);
    }

    /// The first place that looks otherwise than when the plan was made: what the player did during
    /// the download is the player's.
    pub(crate) fn overtaken(&self, root: &Path) -> Result<Option<RelPath>, UpdateError> {
        let mut probe = PathProbe::new(root);
        for (path, before) in self.touched() {
            let now = probe.look(path).map_err(UpdateError::io("looking at", &path.below(root)))?;
            if !now.is_as_before(&before) {
                return Ok(Some(path.clone()));
            }
        }
        let mut obstacles = Obstacles::new(root, self.removed.iter().map(|leaving| &leaving.path));
        for (path, placement) in self.planned.iter().filter_map(PlannedFile::placed) {
            obstacles.check(path, &placement.before)?;
        }
        Ok(None)
    }

    /// Every place that the commit touches, and what was there.
    fn touched(&self) -> impl Iterator<Item = (&RelPath, Entry)> {
        let placed = self.planned.iter().filter_map(PlannedFile::placed);
        let placed = placed.map(|(path, placement)| (path, placement.before));
        let modes = self.planned.iter().filter_map(|file| match file.step {
            Step::SetMode { before } => Some((file.wanted.path(), before)),
            _ => None,
        });
        placed.chain(modes).chain(self.removed.iter().map(|leaving| (&leaving.path, leaving.entry())))
    }

    /// Refuses a plan that reaches into another file system: nothing can be renamed there from the
    /// stage.
    pub(crate) fn check_mounts(&self, own: &OwnFolder) -> Result<(), UpdateError> {
        let placed = self.planned.iter().filter_map(PlannedFile::placed).map(|(path, _)| path);
        check_one_mount(own, placed.chain(self.removed.iter().map(|leaving| &leaving.path)))
    }
}
