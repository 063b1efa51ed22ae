//! The plan of an update.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use naru_protocol::{Digest, FileEntry, Keys, Manifest, RelPath};
use serde::Serialize;

use crate::UpdateError;
use crate::disk::{Entry, FileStat, Seen, entry_at};
use crate::free_name::candidates;
use crate::hash::{hash_file, md5_of};
use crate::journal::{Delete, Install};
use crate::ledger::Installed;
use crate::local_state::{Comparison, Known, Leaving, Standing};
use crate::looker::Looker;
use crate::mounts::check_one_mount;
use crate::obstacles::Obstacles;
use crate::own_folder::{OwnFolder, Stage};
use crate::remote::{Content, WantedFile, WantedRelease};
use crate::stage::{LocalSource, Seed, StageJob};
use crate::staged_name::StagedName;

/// Versions of one config file that may lie beside the player's.
const MOST_VERSIONS: usize = 1000;

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
    /// Where the release's version of each kept file goes.
    #[serde(skip)]
    pub(crate) beside: Vec<Option<RelPath>>,
    #[serde(skip)]
    pub(crate) jobs: Vec<StageJob>,
    #[serde(skip)]
    pub(crate) steps: Steps,
    #[serde(skip)]
    pub(crate) release: Option<WantedRelease>,
    /// What the ledger said when the plan was made.
    #[serde(skip)]
    pub(crate) basis: Option<Installed>,
}

/// What the commit will do, as far as it is known before the files are here.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    pub(crate) deletes: Vec<Delete>,
    pub(crate) installs: Vec<Install>,
    /// What was at the place of each install.
    pub(crate) places: Vec<Entry>,
    /// What was at the other places that the commit touches.
    pub(crate) looks: Vec<(RelPath, Entry)>,
    pub(crate) modes: Vec<(RelPath, bool)>,
    pub(crate) gone: Vec<RelPath>,
    /// How each wanted file will be recorded.
    pub(crate) rows: Vec<PlannedRow>,
    /// Whether the ledger already says all this.
    pub(crate) recorded: bool,
}

/// How one wanted file will be recorded.
#[derive(Debug)]
pub(crate) struct PlannedRow {
    pub(crate) file: usize,
    pub(crate) staged: Option<StagedName>,
    pub(crate) kept: bool,
    /// Whether the row in the ledger says the same.
    pub(crate) recorded: bool,
    /// What was verified at its place, if it stays there.
    pub(crate) seen: Option<Seen>,
    /// What the manifest of the installed release says of the same bytes.
    pub(crate) entry: Option<FileEntry>,
}

/// A finished update.
#[derive(Debug, Clone, Serialize)]
pub struct Updated {
    /// The release that was installed before.
    pub from: Option<u64>,
    /// The installed release.
    pub to: u64,
    /// Its notes.
    pub notes: String,
    /// Whether an interrupted update was finished first.
    pub interrupted: bool,
    /// Bytes that came over the network.
    pub downloaded_bytes: u64,
    /// Files that needed the network.
    pub downloaded_files: u64,
    /// Bytes that were here already: of an interrupted run, or of files of the install folder.
    pub resumed_bytes: u64,
    /// Files whose bytes were in the install folder under another name.
    pub moved_files: u64,
    /// Files that went.
    pub deleted_files: u64,
    /// Files of the player that stayed.
    pub kept: Vec<RelPath>,
}

impl UpdatePlan {
    /// Whether the install folder is the release already.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
            && self.steps.deletes.is_empty()
            && self.steps.modes.is_empty()
            && self.steps.recorded
    }

    /// Takes what an interrupted run left off the download.
    pub(crate) fn count_staged(&mut self, stage: &Stage) {
        (self.staged_bytes, self.download_bytes) = (0, 0);
        for job in self.jobs.iter().filter(|job| job.local.is_none()) {
            let staged = job.staged_bytes(stage);
            self.staged_bytes += staged;
            // Which of them are also in the installed file is known when they are read.
            self.download_bytes += job.wanted_bytes().min(job.size - staged);
        }
    }

    /// The first place that looks otherwise than when the plan was made: what the player did during
    /// the download is the player's.
    pub(crate) fn overtaken(&self, root: &Path) -> Result<Option<RelPath>, UpdateError> {
        let mut looker = Looker::new(root);
        let installs = self.steps.installs.iter().map(|install| &install.path).zip(&self.steps.places);
        let others = self.steps.looks.iter().map(|(path, entry)| (path, entry));
        for (path, then) in installs.clone().chain(others) {
            let now = looker.look(path).map_err(UpdateError::io("looking at", &path.below(root)))?;
            if !now.is_as_before(then) {
                return Ok(Some(path.clone()));
            }
        }
        let mut obstacles = Obstacles::new(root, self.steps.deletes.iter().map(|delete| &delete.path));
        for (path, entry) in installs {
            obstacles.check(path, entry)?;
        }
        Ok(None)
    }

    /// Refuses a plan that reaches into another file system.
    pub(crate) fn check_mounts(&self, own: &OwnFolder) -> Result<(), UpdateError> {
        let installs = self.steps.installs.iter().map(|install| &install.path);
        check_one_mount(own, installs.chain(self.steps.deletes.iter().map(|delete| &delete.path)))
    }
}

/// Turns a comparison into a plan.
pub(crate) struct Planner<'a> {
    pub(crate) root: &'a Path,
    pub(crate) keys: Keys,
    pub(crate) known: &'a Known,
    /// The manifest of the installed release: which pieces its files have.
    pub(crate) old: Option<&'a Manifest>,
    pub(crate) from: Option<&'a Installed>,
}

impl Planner<'_> {
    pub(crate) fn plan(&self, release: WantedRelease, comparison: Comparison) -> UpdatePlan {
        let here = self.by_content(&release, &comparison);
        let mut plan = empty_plan(&release, self.from);
        let mut names = HashMap::new();
        for (at, (standing, entry)) in comparison.standings.iter().zip(&comparison.entries).enumerate() {
            let mut row = self.row(at, &release.files[at], standing, entry);
            self.add_mode(&mut plan, &release.files[at], standing, *entry);
            let mut place = self.place_of(&release, at, standing, *entry);
            if let Standing::Player { release_changed: true } = standing {
                plan.kept.push(release.files[at].path.clone());
                plan.beside.push(place.as_ref().map(|(path, _)| path.clone()));
                place = place.filter(|place| !self.is_there(&release.files[at], place));
            } else if *entry != Entry::Missing && is_players(standing) {
                plan.untouched.push(release.files[at].path.clone());
            }
            if let Some((path, entry)) = place {
                let job = self.job(&release.files[at], standing, &mut names, &here);
                row.staged = Some(job.name.clone());
                let stays_beside =
                    matches!(standing, Standing::Foreign | Standing::Unreadable { is_players: true });
                let replaces = if stays_beside { None } else { entry.seen() };
                plan.steps.installs.push(Install { staged: job.name.clone(), path, replaces });
                plan.steps.places.push(entry);
                plan.jobs.push(job);
            }
            plan.steps.rows.push(row);
        }
        take_over_once(&mut plan.jobs);
        count(&mut plan);
        self.add_removals(&mut plan, comparison);
        plan.steps.recorded = self.is_recorded(&release)
            && plan.steps.gone.is_empty()
            && plan.steps.rows.iter().all(|row| row.recorded);
        plan.release = Some(release);
        plan
    }

    fn add_mode(&self, plan: &mut UpdatePlan, file: &WantedFile, standing: &Standing, entry: Entry) {
        if let Standing::Right { mode_is_right: false, .. } = standing {
            plan.steps.modes.push((file.path.clone(), wants_executable(file)));
            plan.steps.looks.push((file.path.clone(), entry));
        }
    }

    fn add_removals(&self, plan: &mut UpdatePlan, comparison: Comparison) {
        plan.deleted_files = self.truly_deleted(&comparison.removed, &plan.jobs);
        let is_here = |path: &&RelPath| path.below(self.root).symlink_metadata().is_ok();
        plan.untouched.extend(comparison.forgotten.iter().filter(is_here).cloned());
        plan.untouched.sort();
        plan.steps.gone = comparison.forgotten;
        for leaving in comparison.removed {
            plan.steps.gone.push(leaving.path.clone());
            plan.steps.deletes.push(Delete { path: leaving.path.clone(), seen: leaving.seen() });
            plan.steps.looks.push((leaving.path, leaving.stat.map_or(Entry::Missing, Entry::File)));
        }
    }

    /// Removed files whose bytes do not live on under another name.
    fn truly_deleted(&self, removed: &[Leaving], jobs: &[StageJob]) -> u64 {
        let moved = jobs.iter().filter_map(|job| job.local.as_ref()).filter(|local| local.leaves);
        let moved: HashSet<&Path> = moved.map(|local| local.path.as_path()).collect();
        let is_moved = |leaving: &Leaving| moved.contains(leaving.path.below(self.root).as_path());
        removed.iter().filter(|leaving| !is_moved(leaving)).count() as u64
    }

    /// Whether the ledger names this very release.
    fn is_recorded(&self, release: &WantedRelease) -> bool {
        let same = |from: &Installed| {
            (&from.channel, from.epoch, from.number) == (&release.channel, release.epoch, release.number)
                && from.made_by_2017 == release.made_by_2017
                && release.manifest.is_none_or(|manifest| manifest == from.manifest)
        };
        self.from.is_some_and(same)
    }

    /// Files of the install folder by what their bytes are now, and whether they give up their place.
    fn by_content(&self, release: &WantedRelease, comparison: &Comparison) -> HashMap<Digest, LocalSource> {
        let mut here = HashMap::new();
        let mut add = |digest: Digest, path: &RelPath, leaves: bool| {
            // One that leaves wins: its inode can be taken over.
            if leaves || !here.contains_key(&digest) {
                here.insert(digest, LocalSource { path: path.below(self.root), leaves });
            }
        };
        for (file, standing) in release.files.iter().zip(&comparison.standings) {
            match standing {
                Standing::Right { digest, .. } => add(*digest, &file.path, false),
                Standing::Differs { hash: Some(hash), .. } => add(hash.digest, &file.path, true),
                // Nobody read it, because its stat vouches for the row.
                Standing::Differs { hash: None, .. } => {
                    self.known
                        .rows
                        .get(&file.path)
                        .into_iter()
                        .for_each(|row| add(row.digest, &file.path, true));
                }
                _ => {}
            }
        }
        for Leaving { path, .. } in &comparison.removed {
            self.known.rows.get(path).into_iter().for_each(|row| add(row.digest, path, true));
        }
        here
    }

    /// How one file will be recorded, before it is known whether it is staged.
    fn row(&self, at: usize, file: &WantedFile, standing: &Standing, entry: &Entry) -> PlannedRow {
        let row = self.known.rows.get(&file.path);
        let kept = matches!(standing, Standing::Player { .. } | Standing::Preserved);
        let digest = match standing {
            Standing::Right { digest, .. } => Some(*digest),
            Standing::Player { .. } | Standing::Preserved if file.digest().is_none() => {
                row.map(|row| row.digest)
            }
            _ => file.digest().copied(),
        };
        // A right file whose time has moved is recorded anew, so that it is not read every time.
        let vouched = |stat: FileStat| row.is_some_and(|row| row.vouches_for(&stat) || (kept && row.kept));
        let recorded = row
            .is_some_and(|row| Some(row.digest) == digest && row.executable == wants_executable(file))
            && (entry.stat().is_some_and(vouched) || (kept && entry.stat().is_none()));
        let old = self.old.and_then(|old| old.get(&file.path));
        PlannedRow {
            file: at,
            staged: None,
            kept,
            recorded,
            seen: entry.seen(),
            entry: old.filter(|old| Some(old.digest) == digest).cloned(),
        }
    }

    /// Where the release's bytes go, if they have to go anywhere, and what is there now.
    fn place_of(
        &self,
        release: &WantedRelease,
        at: usize,
        standing: &Standing,
        entry: Entry,
    ) -> Option<(RelPath, Entry)> {
        let file = &release.files[at];
        match standing {
            Standing::Missing
            | Standing::Differs { .. }
            | Standing::Foreign
            | Standing::Unreadable { .. } => Some((file.path.clone(), entry)),
            Standing::Player { release_changed: true } => self.beside(release, file),
            _ => None,
        }
    }

    /// Whether the release's bytes lie at a place already: an update without a ledger finds there what
    /// an earlier one has put beside the player's file.
    fn is_there(&self, file: &WantedFile, (path, entry): &(RelPath, Entry)) -> bool {
        let place = path.below(self.root);
        match (&file.content, entry.stat()) {
            (Content::Known(wanted), Some(stat)) => {
                hash_file(&place, &stat).is_ok_and(|hash| hash.digest == wanted.digest)
            }
            (Content::Md5(wanted), Some(_)) => md5_of(&place).is_ok_and(|checksum| checksum == *wanted),
            (_, None) => false,
        }
    }

    /// A name beside a player's file for the release's: a free one, or one that these bytes have
    /// already, or those of the installed release still.
    fn beside(&self, release: &WantedRelease, file: &WantedFile) -> Option<(RelPath, Entry)> {
        let ours = self.known.rows.get(&file.path).map(|row| row.digest);
        let usable = |name: String| {
            let path = RelPath::parse(&name).ok()?;
            let key = path.case_key();
            if release.files.iter().any(|file| file.path.case_key() == key) {
                return None;
            }
            let place = path.below(self.root);
            match entry_at(&place).ok()? {
                Entry::Missing => Some((path, Entry::Missing)),
                entry @ Entry::File(stat) => {
                    let is_old = || hash_file(&place, &stat).is_ok_and(|hash| Some(hash.digest) == ours);
                    let found = (path, entry);
                    (self.is_there(file, &found) || is_old()).then_some(found)
                }
                _ => None,
            }
        };
        candidates(file.path.as_str(), "new").take(MOST_VERSIONS).find_map(usable)
    }

    fn job(
        &self,
        file: &WantedFile,
        standing: &Standing,
        names: &mut HashMap<StagedName, u32>,
        here: &HashMap<Digest, LocalSource>,
    ) -> StageJob {
        StageJob {
            name: unique(names, &file.content),
            path: file.path.clone(),
            size: file.size,
            content: file.content.clone(),
            object: file.object(&self.keys),
            local: file.digest().and_then(|digest| here.get(digest)).cloned(),
            seed: self.seed(file, standing),
        }
    }

    /// The pieces of what lies at the place now.
    fn seed(&self, file: &WantedFile, standing: &Standing) -> Option<Seed> {
        let pieces = match standing {
            Standing::Differs { hash: Some(hash), .. } => hash.pieces.clone(),
            Standing::Differs { hash: None, .. } => self.old?.get(&file.path)?.pieces.clone(),
            _ => return None,
        };
        let path = file.path.below(self.root);
        (pieces.len() > 1).then_some(Seed { path, pieces })
    }
}

fn empty_plan(release: &WantedRelease, from: Option<&Installed>) -> UpdatePlan {
    UpdatePlan {
        from: from.map(|installed| installed.number),
        to: release.number,
        notes: release.notes.clone(),
        files: release.files.len() as u64,
        bytes: release.files.iter().map(|file| file.size).sum(),
        download_files: 0,
        download_bytes: 0,
        staged_bytes: 0,
        moved_files: 0,
        deleted_files: 0,
        kept: Vec::new(),
        untouched: Vec::new(),
        interrupted: false,
        beside: Vec::new(),
        jobs: Vec::new(),
        steps: Steps::default(),
        release: None,
        basis: from.cloned(),
    }
}

/// Whether a file stays for being the player's own.
fn is_players(standing: &Standing) -> bool {
    matches!(standing, Standing::Preserved | Standing::Player { .. })
}

/// Two files of the same bytes are two staged files: each is moved to its own place.
fn unique(names: &mut HashMap<StagedName, u32>, content: &Content) -> StagedName {
    let count = names.entry(StagedName::of(content, 1)).or_insert(0);
    *count += 1;
    StagedName::of(content, *count)
}

/// An inode can be taken over once; every further file of the same bytes is a copy.
fn take_over_once(jobs: &mut [StageJob]) {
    let mut taken = HashSet::new();
    for local in jobs.iter_mut().filter_map(|job| job.local.as_mut()) {
        local.leaves &= taken.insert(local.path.clone());
    }
}

fn count(plan: &mut UpdatePlan) {
    for job in &plan.jobs {
        if job.local.is_some() {
            plan.moved_files += 1;
        } else {
            plan.download_files += 1;
            plan.download_bytes += job.wanted_bytes();
        }
    }
}

pub(crate) fn wants_executable(file: &WantedFile) -> bool {
    match &file.content {
        Content::Known(entry) => entry.executable,
        Content::Md5(_) => false,
    }
}
