//! The scan: a build folder becomes a list of files with their digests.

mod cache;
mod rules;
mod visit;
mod walk;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use naru_protocol::{FileEntry, Manifest, RelPath};

use self::cache::StatCache;
use self::rules::{IGNORE_FILE, base_rules, ignore_rules};
use self::visit::{Found, clashes, find};
use self::walk::joined;
use crate::disk::FileStat;
use crate::hash::{FileHash, HashJob, hash_files};
use crate::{Phase, PhaseProgress, ProgressSink, ScanError, Total, Warning};

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;

/// A file that was modified this shortly before the scan may be modified again without a new
/// time stamp, so its digest is not kept.
const CLOCK_STEP: Duration = Duration::from_secs(1);

/// A scanned build folder.
#[derive(Debug)]
pub(crate) struct BuildTree {
    files: Vec<FileEntry>,
    pub(crate) places: BuildPlaces,
}

/// Where the files of a build lie.
#[derive(Debug)]
pub(crate) struct BuildPlaces {
    root: PathBuf,
    /// Names on disk that differ from the published one: macOS's decomposed form.
    disk_names: HashMap<RelPath, String>,
}

impl BuildTree {
    /// The manifest of the tree.
    pub(crate) fn manifest(&self, preserve: &[String], config: &[String]) -> Result<Manifest, ScanError> {
        let refused = match Manifest::new(self.files.clone(), preserve.to_vec(), config.to_vec()) {
            Ok(manifest) => return Ok(manifest),
            Err(refused) => refused,
        };
        // Clashes are reported by file names, which the publisher can fix, not as a format error.
        let clashes = clashes(self.files.iter().map(|entry| &entry.path));
        Err(if clashes.is_empty() { refused.into() } else { ScanError::Entries(clashes) })
    }
}

impl BuildPlaces {
    /// Where a file of the build lies.
    pub(crate) fn of(&self, path: &RelPath) -> PathBuf {
        match self.disk_names.get(path) {
            Some(name) => self.root.join(name),
            None => path.below(&self.root),
        }
    }
}

/// Scans a build folder; with a `cache` folder, files that look as they did last time are not read.
pub(crate) fn scan_build(
    build: &Path,
    cache: Option<&Path>,
    progress: &dyn ProgressSink,
) -> Result<BuildTree, ScanError> {
    let root = build.canonicalize().map_err(|_| ScanError::NoFolder(build.to_path_buf()))?;
    if !root.is_dir() {
        return Err(ScanError::NoFolder(root));
    }
    let started = SystemTime::now();
    let mut cache = cache.and_then(|folder| StatCache::open(folder, &root));
    let known = cache.as_ref().map(StatCache::load).unwrap_or_default();
    let walked = walk_build(&root, &known)?;
    walked.warn(progress);
    let folders = read_unknown(&root, walked, progress)?;
    if let Some(cache) = &mut cache {
        remember(cache, &folders, &known, started);
    }
    assemble(root, folders)
}

/// One folder of the build.
struct ScannedFolder {
    path: String,
    files: Vec<ScannedFile>,
    /// Whether its cache row still says the same.
    unchanged: bool,
}

struct ScannedFile {
    path: RelPath,
    name: String,
    stat: FileStat,
    hash: Option<FileHash>,
}

struct Walked {
    folders: Vec<ScannedFolder>,
    /// Entries that are left out because of their names, without a rule in `.naruignore`.
    reserved: Vec<RelPath>,
    empty_folders: Vec<String>,
    secrets: Vec<String>,
}

impl Walked {
    fn warn(&self, progress: &dyn ProgressSink) {
        self.reserved.iter().for_each(|name| progress.warn(Warning::ReservedName(name.clone())));
        if !self.empty_folders.is_empty() {
            progress.warn(Warning::EmptyFolders(self.empty_folders.clone()));
        }
        if !self.secrets.is_empty() {
            progress.warn(Warning::Secrets(self.secrets.clone()));
        }
    }
}

fn walk_build(root: &Path, known: &HashMap<String, Vec<u8>>) -> Result<Walked, ScanError> {
    let mut found = find(root, ignore_rules(root, &root.join(IGNORE_FILE))?, known)?;
    let bad = found.bad_entries();
    if !bad.is_empty() {
        return Err(ScanError::Entries(bad));
    }
    found.reserved.sort();
    found.empty_folders.sort();
    found.secrets.sort();
    let Found { folders, reserved, empty_folders, secrets, .. } = found;
    Ok(Walked { folders, reserved, empty_folders, secrets })
}

/// Why a build has nothing to publish: the folder is empty, or `.naruignore` leaves nothing of it.
fn nothing_to_publish(root: PathBuf) -> Result<BuildTree, ScanError> {
    let path = root.join(IGNORE_FILE);
    let found = find(&root, base_rules(&root, &path)?.1, &HashMap::new())?;
    let files: usize = found.folders.iter().map(|folder| folder.files.len()).sum();
    match files + found.bad_names.len() + found.not_files.len() {
        0 => Err(ScanError::Empty(root)),
        files => Err(ScanError::AllIgnored { path, files: files as u64 }),
    }
}

/// Reads the files whose digest is not known; again, when they change meanwhile.
fn read_unknown(
    root: &Path,
    walked: Walked,
    progress: &dyn ProgressSink,
) -> Result<Vec<ScannedFolder>, ScanError> {
    let mut folders = walked.folders;
    let mut jobs = unknown(root, &mut folders);
    let bytes = jobs.iter().map(|job| job.stat.size).sum();
    let total = Total { bytes: Some(bytes), items: Some(jobs.len() as u64) };
    let watcher = progress.start(Phase::Scan, total);
    for _ in 0..TRIES {
        if jobs.is_empty() {
            break;
        }
        read_once(jobs, &*watcher)?;
        jobs = unknown(root, &mut folders);
    }
    match jobs.into_iter().next() {
        None => Ok(folders),
        Some(HashJob { place: path, .. }) => Err(ScanError::Changing { path }),
    }
}

/// The files whose digest is not known.
fn unknown<'a>(root: &Path, folders: &'a mut [ScannedFolder]) -> Vec<HashJob<&'a mut ScannedFile>> {
    let mut jobs = Vec::new();
    for ScannedFolder { path: folder, files, .. } in folders {
        for file in files.iter_mut().filter(|file| file.hash.is_none()) {
            let (place, path) = (on_disk(root, folder, &file.name), file.path.clone());
            jobs.push(HashJob { place, path, stat: file.stat, target: file });
        }
    }
    jobs
}

fn read_once(jobs: Vec<HashJob<&mut ScannedFile>>, watcher: &dyn PhaseProgress) -> Result<(), ScanError> {
    for (HashJob { place, target: file, .. }, hash) in hash_files(jobs, watcher) {
        match hash {
            Ok(hash) => file.hash = Some(hash),
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                let metadata = std::fs::metadata(&place).map_err(ScanError::io(&place))?;
                file.stat = FileStat::of(&metadata);
            }
            Err(error) => return Err(ScanError::io(&place)(error)),
        }
    }
    Ok(())
}

fn on_disk(root: &Path, folder: &str, name: &str) -> PathBuf {
    root.join(folder).join(name)
}

fn remember(
    cache: &mut StatCache,
    folders: &[ScannedFolder],
    known: &HashMap<String, Vec<u8>>,
    started: SystemTime,
) {
    let safe_before = started.checked_sub(CLOCK_STEP).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let safe_before = safe_before.map_or(0, |time| time.as_nanos() as i64);
    let is_settled = |stat: &FileStat| stat.modified_ns < safe_before && stat.changed_ns < safe_before;
    let row = |folder: &ScannedFolder| {
        let files = folder.files.iter().filter(|file| is_settled(&file.stat));
        let files = files.filter_map(|file| Some((file.name.as_str(), &file.stat, file.hash.as_ref()?)));
        (folder.path.clone(), cache::pack(files))
    };
    let changed: Vec<_> = folders.iter().filter(|folder| !folder.unchanged).map(row).collect();
    let here: HashSet<&str> = folders.iter().map(|folder| folder.path.as_str()).collect();
    let gone: Vec<String> = known.keys().filter(|path| !here.contains(path.as_str())).cloned().collect();
    if !changed.is_empty() || !gone.is_empty() {
        cache.store(&changed, &gone);
    }
}

fn assemble(root: PathBuf, folders: Vec<ScannedFolder>) -> Result<BuildTree, ScanError> {
    let mut files = Vec::with_capacity(folders.iter().map(|folder| folder.files.len()).sum());
    let mut disk_names = HashMap::new();
    for folder in folders {
        for file in folder.files {
            let name = joined(&folder.path, &file.name);
            if name != file.path.as_str() {
                disk_names.insert(file.path.clone(), name);
            }
            if let Some(hash) = file.hash {
                files.push(entry(file.path, file.stat, hash));
            }
        }
    }
    if files.is_empty() {
        return nothing_to_publish(root);
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(BuildTree { files, places: BuildPlaces { root, disk_names } })
}

fn entry(path: RelPath, stat: FileStat, hash: FileHash) -> FileEntry {
    let pieces = if hash.pieces.len() > 1 { hash.pieces } else { Vec::new() };
    FileEntry { path, size: stat.size, digest: hash.digest, executable: stat.executable, pieces }
}
