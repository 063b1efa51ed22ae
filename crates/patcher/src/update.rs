//! The plan of an update, and carrying it out.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use naru_protocol::{Digest, FileEntry, Locations, Manifest, ObjectId, RelPath};
use serde::Serialize;

use crate::UpdateError;
use crate::disk::{Entry, FileStat, entry_at, free_bytes, set_executable};
use crate::hash::hash_file;
use crate::journal::{Install, Journal, OwnFolder};
use crate::ledger::{Documents, Installed, RowUpdate};
use crate::local_state::{Comparison, Known, Standing};
use crate::remote::{Content, WantedFile, WantedRelease};
use crate::stage::{LocalSource, Seed, StageJob};

/// Room that journal, ledger and folders take beside the files: so much for each file that changes.
const OVERHEAD_PER_FILE: u64 = 1024;

/// And so much in any case.
const OVERHEAD: u64 = 1 << 20;

/// Disks give out blocks of this many bytes.
const BLOCK: u64 = 4096;

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
    /// Bytes that have to be fetched at most: pieces that are here already are found on the way.
    pub download_bytes: u64,
    /// Files whose bytes are already in the install folder under another name.
    pub moved_files: u64,
    /// Files of the installed release that go.
    pub deleted_files: u64,
    /// Files of the player that stay although the release has others.
    pub kept: Vec<RelPath>,
    #[serde(skip)]
    pub(crate) jobs: Vec<StageJob>,
    #[serde(skip)]
    pub(crate) steps: Steps,
    #[serde(skip)]
    pub(crate) release: Option<WantedRelease>,
}

/// What the commit will do, as far as it is known before the files are here.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    pub(crate) deletes: Vec<RelPath>,
    pub(crate) installs: Vec<Install>,
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
    pub(crate) staged: Option<String>,
    pub(crate) kept: bool,
    /// Whether the row in the ledger says the same.
    pub(crate) recorded: bool,
}

/// A finished update.
#[derive(Debug, Clone, Serialize)]
pub struct Updated {
    /// The release that was installed before.
    pub from: Option<u64>,
    /// The installed release.
    pub to: u64,
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

    /// Bytes that the update needs on the disk at most, beside what is there already.
    pub(crate) fn needed_bytes(&self, own: &OwnFolder) -> u64 {
        let blocks = |size: u64| size.div_ceil(BLOCK) * BLOCK;
        let need = |job: &StageJob| {
            let linked = job.local.as_ref().is_some_and(|local| local.leaves);
            let staged = allocated(&own.staged(&job.name));
            if linked { 0 } else { blocks(job.size).saturating_sub(staged) }
        };
        let files: u64 = self.jobs.iter().map(need).sum();
        files + OVERHEAD + OVERHEAD_PER_FILE * (self.jobs.len() + self.steps.deletes.len()) as u64
    }

    /// Refuses an update for which the disk has no room, before a byte is fetched.
    pub(crate) fn check_space(&self, own: &OwnFolder) -> Result<(), UpdateError> {
        let needed = self.needed_bytes(own);
        match free_bytes(&own.path()) {
            Some(available) if available < needed => {
                Err(UpdateError::NoSpace { path: own.install.clone(), needed, available })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(unix)]
fn allocated(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).map_or(0, |metadata| metadata.blocks() * 512)
}

#[cfg(not(unix))]
fn allocated(path: &Path) -> u64 {
    std::fs::symlink_metadata(path).map_or(0, |metadata| metadata.len())
}

/// Turns a comparison into a plan.
pub(crate) struct Planner<'a> {
    pub(crate) root: &'a Path,
    pub(crate) known: &'a Known,
    /// The manifest of the installed release: which pieces its files have.
    pub(crate) old: Option<&'a Manifest>,
    pub(crate) from: Option<&'a Installed>,
}

impl Planner<'_> {
    pub(crate) fn plan(&self, release: WantedRelease, comparison: Comparison) -> UpdatePlan {
        let here = self.by_content(&release, &comparison);
        let mut plan = empty_plan(&release, self.from);
        let mut names: HashMap<String, u32> = HashMap::new();
        for (at, (file, standing)) in release.files.iter().zip(&comparison.standings).enumerate() {
            self.add(&mut plan, at, file, standing, comparison.stats[at]);
            if let Some(path) = place_of(file, standing) {
                let name = unique(&mut names, staged_name(file));
                let local = file.digest().and_then(|digest| here.get(digest)).cloned();
                plan.steps.installs.push(self.install(&name, path, standing));
                if let Some(row) = plan.steps.rows.last_mut() {
                    row.staged = Some(name.clone());
                }
                plan.jobs.push(self.job(name, file, standing, local));
            }
        }
        take_over_once(&mut plan.jobs);
        count(&mut plan);
        let unchanged = self
            .from
            .is_some_and(|from| Some(from.manifest) == release.manifest && from.number == release.number);
        plan.steps.recorded =
            (unchanged || self.is_recorded_2017(&release)) && plan.steps.rows.iter().all(|row| row.recorded);
        plan.deleted_files = self.truly_deleted(&comparison.removed, &plan.jobs);
        plan.steps.gone = comparison.removed.iter().chain(&comparison.forgotten).cloned().collect();
        plan.steps.recorded &= plan.steps.gone.is_empty();
        plan.steps.deletes = comparison.removed;
        plan.release = Some(release);
        plan
    }

    /// Removed files whose bytes do not live on under another name.
    fn truly_deleted(&self, removed: &[RelPath], jobs: &[StageJob]) -> u64 {
        let moved = jobs.iter().filter_map(|job| job.local.as_ref()).filter(|local| local.leaves);
        let moved: HashSet<&Path> = moved.map(|local| local.path.as_path()).collect();
        removed.iter().filter(|path| !moved.contains(path.below(self.root).as_path())).count() as u64
    }

    fn is_recorded_2017(&self, release: &WantedRelease) -> bool {
        let same_number = self.from.is_some_and(|from| from.made_by_2017 && from.number == release.number);
        release.made_by_2017 && same_number
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
        for path in &comparison.removed {
            self.known.rows.get(path).into_iter().for_each(|row| add(row.digest, path, true));
        }
        here
    }

    /// Adds the row, and the mode, of one file.
    fn add(
        &self,
        plan: &mut UpdatePlan,
        at: usize,
        file: &WantedFile,
        standing: &Standing,
        stat: Option<FileStat>,
    ) {
        let row = self.known.rows.get(&file.path);
        let kept = matches!(standing, Standing::Player { .. } | Standing::Preserved);
        let digest = match standing {
            Standing::Right { digest, .. } => Some(*digest),
            _ => file.digest().copied(),
        };
        if let Standing::Right { mode_is_right: false, .. } = standing {
            plan.steps.modes.push((file.path.clone(), wants_executable(file)));
        }
        if let Standing::Player { release_changed: true } = standing {
            plan.kept.push(file.path.clone());
        }
        // A right file whose time has moved is recorded anew, so that it is not read every time.
        let vouched = |stat: FileStat| row.is_some_and(|row| row.vouches_for(&stat) || (kept && row.kept));
        let recorded = row
            .is_some_and(|row| Some(row.digest) == digest && row.executable == wants_executable(file))
            && (stat.is_some_and(vouched) || (kept && stat.is_none()));
        plan.steps.rows.push(PlannedRow { file: at, staged: None, kept, recorded });
    }

    fn install(&self, name: &str, path: RelPath, standing: &Standing) -> Install {
        let aside = match standing {
            Standing::Foreign => Some(self.unused_name(&path)),
            _ => None,
        };
        Install { staged: name.to_owned(), path, aside }
    }

    /// A name beside a file that is not ours, for that file to move to.
    fn unused_name(&self, path: &RelPath) -> String {
        let name = path.as_str().rsplit('/').next().unwrap_or_default();
        let taken = |name: &String| path.below(self.root).with_file_name(name).symlink_metadata().is_ok();
        let first = format!("{name}.old");
        let numbered = (2..).map(|number| format!("{name}.old{number}"));
        std::iter::once(first.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(first)
    }

    fn job(
        &self,
        name: String,
        file: &WantedFile,
        standing: &Standing,
        local: Option<LocalSource>,
    ) -> StageJob {
        StageJob {
            name,
            path: file.path.clone(),
            size: file.size,
            content: file.content.clone(),
            object: file.object.clone(),
            local,
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
        moved_files: 0,
        deleted_files: 0,
        kept: Vec::new(),
        jobs: Vec::new(),
        steps: Steps::default(),
        release: None,
    }
}

/// Where the release's bytes go, if they have to go anywhere.
fn place_of(file: &WantedFile, standing: &Standing) -> Option<RelPath> {
    match standing {
        Standing::Missing | Standing::Differs { .. } | Standing::Foreign => Some(file.path.clone()),
        Standing::Player { release_changed: true } => RelPath::parse(&format!("{}.new", file.path)).ok(),
        _ => None,
    }
}

fn staged_name(file: &WantedFile) -> String {
    match &file.content {
        Content::Known(entry) => entry.digest.to_string(),
        Content::Md5(digest) => format!("md5-{digest}"),
    }
}

/// Two files of the same bytes are two staged files: each is moved to its own place.
fn unique(names: &mut HashMap<String, u32>, name: String) -> String {
    let count = names.entry(name.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { name } else { format!("{name}-{count}") }
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
            plan.download_bytes += job.size;
        }
    }
}

fn wants_executable(file: &WantedFile) -> bool {
    match &file.content {
        Content::Known(entry) => entry.executable,
        Content::Md5(_) => false,
    }
}

/// Everything is staged: works out the journal and the documents that go with it.
pub(crate) fn finish_plan(own: &OwnFolder, plan: UpdatePlan) -> Result<(Journal, Documents), UpdateError> {
    let UpdatePlan { steps, release, .. } = plan;
    let release = release.ok_or(UpdateError::NotInstalled { path: own.install.clone() })?;
    set_modes(own, &steps, &release.files)?;
    let entries = entries_of(own, &steps, &release.files)?;
    let (installed, documents) = documents_of(&release, &entries)?;
    let rows = steps.rows.iter().filter(|row| !row.recorded || row.staged.is_some()).map(|row| {
        let entry = &entries[row.file];
        RowUpdate {
            path: entry.path.clone(),
            digest: entry.digest,
            executable: entry.executable,
            kept: row.kept,
        }
    });
    let journal = Journal {
        format: 1,
        installed,
        deletes: steps.deletes,
        installs: steps.installs,
        modes: steps.modes,
        rows: rows.collect(),
        gone: steps.gone,
    };
    Ok((journal, documents))
}

/// Gives staged files their executable bit now: the commit only renames.
fn set_modes(own: &OwnFolder, steps: &Steps, files: &[WantedFile]) -> Result<(), UpdateError> {
    for row in &steps.rows {
        if let Some(name) = &row.staged {
            let place = own.staged(name);
            let wanted = wants_executable(&files[row.file]);
            let is_set = matches!(entry_at(&place), Ok(Entry::File(stat)) if stat.executable == wanted);
            if !is_set {
                set_executable(&place, wanted).map_err(UpdateError::io("setting the mode of", &place))?;
            }
        }
    }
    Ok(())
}

/// The files of the release as a manifest lists them; those of a 2017 release are hashed now.
fn entries_of(own: &OwnFolder, steps: &Steps, files: &[WantedFile]) -> Result<Vec<FileEntry>, UpdateError> {
    let mut entries = Vec::with_capacity(files.len());
    for row in &steps.rows {
        let file = &files[row.file];
        entries.push(match &file.content {
            Content::Known(entry) => entry.clone(),
            Content::Md5(_) => hashed_entry(own, row, file)?,
        });
    }
    Ok(entries)
}

fn hashed_entry(own: &OwnFolder, row: &PlannedRow, file: &WantedFile) -> Result<FileEntry, UpdateError> {
    let place = match &row.staged {
        Some(name) => own.staged(name),
        None => file.path.below(&own.install),
    };
    let metadata = std::fs::metadata(&place).map_err(UpdateError::io("reading", &place))?;
    let hash = hash_file(&place, &FileStat::of(&metadata));
    let hash = hash.map_err(UpdateError::io("reading", &place))?;
    Ok(FileEntry {
        path: file.path.clone(),
        size: metadata.len(),
        digest: hash.digest,
        executable: false,
        pieces: if hash.pieces.len() > 1 { hash.pieces } else { Vec::new() },
    })
}

/// What the ledger keeps so that verifying needs no server, and repairing only the files.
fn documents_of(
    release: &WantedRelease,
    entries: &[FileEntry],
) -> Result<(Installed, Documents), UpdateError> {
    let manifest = Manifest::new(entries.to_vec(), release.preserve.clone(), release.config.clone())?;
    let (id, packed_manifest) = ObjectId::pack(&manifest.encode()?)?;
    let versions = release.files.iter().map(|file| file.version().to_owned()).collect();
    let (_, packed_locations) = ObjectId::pack(&Locations::new(id.digest, versions).encode()?)?;
    let installed = Installed {
        number: release.number,
        notes: release.notes.clone(),
        made_by_2017: release.made_by_2017,
        manifest: id.digest,
    };
    let documents = Documents { manifest: packed_manifest, locations: packed_locations };
    Ok((installed, documents))
}
