//! The scan: a build folder becomes a list of files with their digests.

mod cache;
mod walk;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use naru_protocol::{FileEntry, Manifest, NameClash, NameError, NameProblem, RelPath};

use self::cache::StatCache;
use self::walk::{Kind, Listed, Visit, joined, walk};
use crate::disk::{Entry, FileStat, entry_at};
use crate::hash::{FileHash, HashJob, hash_files};
use crate::text_file::{TextError, TextProblem, read_text};
use crate::{BadEntry, NotAFile, Phase, PhaseProgress, ProgressSink, ScanError, Total, Warning};

/// Patterns of files that no build means to contain.
const ALWAYS_IGNORED: [&str; 5] = [".git/", ".DS_Store", "Thumbs.db", "desktop.ini", "/.naruignore"];

/// Names of keys, passwords and histories, which get into a build by accident. Some builds mean it: a
/// line `!cacert.pem` in `.naruignore` says so.
const SECRETS: [&str; 22] = [
    ".git",
    ".svn/",
    ".hg/",
    ".aws/",
    ".ssh/",
    ".env",
    ".env.*",
    "*.pem",
    "*.p12",
    "*.pfx",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.kdbx",
    "id_rsa",
    "id_ecdsa",
    "id_ed25519",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    ".htpasswd",
];

/// Where a studio says which files are not part of the build.
const IGNORE_FILE: &str = ".naruignore";

/// The 2017 publisher's own files: in the bucket, these keys are the file list and the pointer.
const KEYS_OF_2017: [&str; 2] = ["filedb.db", "version.json"];

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;

/// A file that was modified this shortly before the scan may be modified again without a new
/// time stamp, so its digest is not kept.
const CLOCK_STEP: Duration = Duration::from_secs(1);

/// A scanned build folder.
#[derive(Debug)]
pub struct BuildTree {
    root: PathBuf,
    files: Vec<FileEntry>,
    /// Names on disk that differ from the published one: macOS's decomposed form.
    disk_names: HashMap<RelPath, String>,
    /// How many files had to be read; the others were known by their stat.
    pub read_files: usize,
}

impl BuildTree {
    /// The manifest of the tree.
    pub fn manifest(&self, preserve: &[String], config: &[String]) -> Result<Manifest, ScanError> {
        let refused = match Manifest::new(self.files.clone(), preserve.to_vec(), config.to_vec()) {
            Ok(manifest) => return Ok(manifest),
            Err(refused) => refused,
        };
        // What a publisher can mend is told by its names, not as a rule of the format.
        let clashes = clashes(self.files.iter().map(|entry| &entry.path));
        Err(if clashes.is_empty() { refused.into() } else { ScanError::Entries(clashes) })
    }

    /// Where a file of the tree lies.
    pub fn place(&self, path: &RelPath) -> PathBuf {
        match self.disk_names.get(path) {
            Some(name) => self.root.join(name),
            None => path.below(&self.root),
        }
    }
}

/// Scans a build folder; with a `cache` folder, files that look as they did last time are not read.
pub fn scan_build(
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
    let read_files = walked.unread();
    let folders = read_unknown(&root, walked, progress)?;
    if let Some(cache) = &mut cache {
        remember(cache, &folders, &known, started);
    }
    assemble(root, folders, read_files)
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
    /// Entries that are left out for their names, though nobody said so in `.naruignore`.
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

    fn unread(&self) -> usize {
        let files = self.folders.iter().flat_map(|folder| &folder.files);
        files.filter(|file| file.hash.is_none()).count()
    }
}

struct Visitor<'a> {
    ignore: Gitignore,
    /// Names of what nobody means to show to players.
    secret: Gitignore,
    known: &'a HashMap<String, Vec<u8>>,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    folders: Vec<ScannedFolder>,
    bad_names: Vec<NameError>,
    not_files: Vec<NotAFile>,
    reserved: Vec<RelPath>,
    empty_folders: Vec<String>,
    secrets: Vec<String>,
}

impl Found {
    fn add(&mut self, more: Found) {
        self.folders.extend(more.folders);
        self.bad_names.extend(more.bad_names);
        self.not_files.extend(more.not_files);
        self.reserved.extend(more.reserved);
        self.empty_folders.extend(more.empty_folders);
        self.secrets.extend(more.secrets);
    }

    /// Everything that keeps the build from being published; clashes only where something else does,
    /// as the manifest looks for them in any case.
    fn bad_entries(&mut self) -> Vec<BadEntry> {
        if self.bad_names.is_empty() && self.not_files.is_empty() {
            return Vec::new();
        }
        self.bad_names.sort_by(|a, b| a.path.cmp(&b.path));
        self.not_files.sort();
        let mut bad: Vec<BadEntry> = self.bad_names.drain(..).map(BadEntry::Name).collect();
        let files = self.folders.iter().flat_map(|folder| &folder.files);
        let mut paths: Vec<&RelPath> = files.map(|file| &file.path).collect();
        paths.sort();
        bad.extend(clashes(paths.into_iter()));
        bad.extend(self.not_files.drain(..).map(BadEntry::NotAFile));
        bad
    }
}

fn clashes<'a>(paths: impl Iterator<Item = &'a RelPath> + Clone) -> Vec<BadEntry> {
    NameClash::all(paths).into_iter().map(BadEntry::Clash).collect()
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

fn find(root: &Path, ignore: Gitignore, known: &HashMap<String, Vec<u8>>) -> Result<Found, ScanError> {
    let secret = rules(root, &SECRETS).and_then(|rules| rules.build()).map_err(refused_rule(root))?;
    let visitor = Visitor { ignore, secret, known, found: Mutex::default() };
    walk(root, &visitor).map_err(|(path, source)| ScanError::io(&path)(source))?;
    Ok(visitor.found.into_inner().unwrap_or_else(PoisonError::into_inner))
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

/// What is left out of every build, ready for more and as it is.
fn base_rules(root: &Path, path: &Path) -> Result<(GitignoreBuilder, Gitignore), ScanError> {
    let rules = rules(root, &ALWAYS_IGNORED).map_err(refused_rule(path))?;
    let built = rules.build().map_err(refused_rule(path))?;
    Ok((rules, built))
}

fn rules(root: &Path, patterns: &[&str]) -> Result<GitignoreBuilder, ignore::Error> {
    let mut rules = GitignoreBuilder::new(root);
    for pattern in patterns {
        rules.add_line(None, pattern)?;
    }
    Ok(rules)
}

fn refused_rule(path: &Path) -> impl Fn(ignore::Error) -> ScanError {
    move |error| ScanError::Ignore { path: path.to_path_buf(), problem: error.to_string() }
}

fn ignore_rules(root: &Path, path: &Path) -> Result<Gitignore, ScanError> {
    let (mut rules, built) = base_rules(root, path)?;
    // A rule that is not applied publishes what it was to keep back, so a file of rules that is not
    // understood as a whole stops the publish.
    let Some(text) = read_own_text(path)? else {
        return Ok(built);
    };
    for (at, line) in text.lines().enumerate() {
        rules.add_line(None, line).map_err(|error| ScanError::Ignore {
            path: path.to_path_buf(),
            problem: format!("line {}: {error}", at + 1),
        })?;
    }
    rules.build().map_err(refused_rule(path))
}

/// The text of a file of the build folder itself: a link would lead out of the folder, and none is
/// published either.
fn read_own_text(path: &Path) -> Result<Option<String>, ScanError> {
    let refuse = |problem| ScanError::Text { path: path.to_path_buf(), problem };
    match entry_at(path).map_err(ScanError::io(path))? {
        Entry::Missing => Ok(None),
        Entry::Link => Err(refuse(TextProblem::Link)),
        Entry::Folder | Entry::Other => Err(refuse(TextProblem::NotAFile)),
        Entry::File(_) => match read_text(path) {
            Ok(text) => Ok(Some(text)),
            Err(TextError::Io(error)) => Err(ScanError::io(path)(error)),
            Err(TextError::Text(problem)) => Err(refuse(problem)),
        },
    }
}

impl Visit for Visitor<'_> {
    fn folder(&self, path: &str, entries: Vec<Listed>) -> Vec<String> {
        let known = self.known.get(path).map(|row| cache::unpack(row)).unwrap_or_default();
        let mut here = Found::default();
        let mut files = Vec::with_capacity(entries.len());
        let mut deeper = Vec::new();
        if entries.is_empty() && !path.is_empty() {
            here.empty_folders.push(path.to_owned());
        }
        for entry in entries {
            let full = joined(path, &entry.name);
            let rule = self.ignore.matched(&full, entry.kind == Kind::Folder);
            if rule.is_ignore() {
                continue;
            }
            if !rule.is_whitelist() && self.is_secret(&full, &entry.kind) {
                here.secrets.push(full.clone());
            }
            if KEYS_OF_2017.contains(&full.as_str()) {
                here.reserved.extend(RelPath::parse(&full));
                continue;
            }
            match entry.kind {
                Kind::Folder => deeper.push(entry.name),
                Kind::Link => here.not_files.push(NotAFile { path: full.into(), is_link: true }),
                Kind::Other => here.not_files.push(NotAFile { path: full.into(), is_link: false }),
                Kind::File(stat) => match published_name(&full, entry.readable_name) {
                    Err(error) => here.bad_names.push(error),
                    Ok(path) => {
                        let hash = known.get(&entry.name).filter(|(seen, _)| *seen == stat);
                        let hash = hash.map(|(_, hash)| hash.clone());
                        files.push(ScannedFile { path, name: entry.name, stat, hash });
                    }
                },
            }
        }
        let unchanged = files.len() == known.len() && files.iter().all(|file| file.hash.is_some());
        here.folders.push(ScannedFolder { path: path.to_owned(), files, unchanged });
        self.found.lock().unwrap_or_else(PoisonError::into_inner).add(here);
        deeper
    }
}

impl Visitor<'_> {
    /// Whether a name is one of a key or a password. Of a folder, only its own name is told.
    fn is_secret(&self, path: &str, kind: &Kind) -> bool {
        self.secret.matched(path, *kind == Kind::Folder).is_ignore()
    }
}

fn published_name(path: &str, readable: bool) -> Result<RelPath, NameError> {
    if readable {
        return RelPath::from_file_system(path);
    }
    Err(NameError { path: path.to_owned(), problem: NameProblem::NotUnicode })
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

fn assemble(root: PathBuf, folders: Vec<ScannedFolder>, read_files: usize) -> Result<BuildTree, ScanError> {
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
    Ok(BuildTree { root, files, disk_names, read_files })
}

fn entry(path: RelPath, stat: FileStat, hash: FileHash) -> FileEntry {
    let pieces = if hash.pieces.len() > 1 { hash.pieces } else { Vec::new() };
    FileEntry { path, size: stat.size, digest: hash.digest, executable: stat.executable, pieces }
}
