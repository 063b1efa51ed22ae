//! Comparing an install folder with a release: what is right, what is missing, what is the player's.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use naru_protocol::{Digest, FileList2017, RelPath};

use crate::disk::{Entry, FileStat, entry_at};
use crate::globs::Globs;
use crate::hash::{FileHash, HashJob, hash_file, hash_files, md5_of, threads};
use crate::ledger::Row;
use crate::remote::{Content, WantedFile, WantedRelease};
use crate::{Phase, ProgressSink, Total, UpdateError};

/// What the ledger, or a 2017 client, left behind.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) rows: HashMap<RelPath, Row>,
    /// The S3 version of each installed file.
    pub(crate) versions: HashMap<RelPath, String>,
    /// Glob patterns of the installed release.
    pub(crate) preserve: Vec<String>,
    pub(crate) config: Vec<String>,
    /// The file list of a 2017 client, where there is no ledger.
    pub(crate) list_2017: Option<FileList2017>,
}

/// How a wanted file stands in the install folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The right bytes; perhaps the wrong executable bit.
    Right { digest: Digest, mode_is_right: bool },
    /// Nothing there.
    Missing,
    /// Other bytes, of ours or of an older release.
    Differs { hash: Option<FileHash>, size: u64 },
    /// Something that is no file, or a file that nobody recorded: it is moved aside.
    Foreign,
    /// The player's own version of a config file. `base` is what the release has there, if the
    /// release has changed it as well it goes beside the player's file.
    Player { release_changed: bool },
    /// Written once and never again.
    Preserved,
}

/// A whole comparison.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// One for each wanted file.
    pub(crate) standings: Vec<Standing>,
    /// What each wanted file's place looks like, if there is a file.
    pub(crate) stats: Vec<Option<FileStat>>,
    /// Paths of the older release that are to be removed.
    pub(crate) removed: Vec<RelPath>,
    /// Paths that the ledger forgets although a file stays there.
    pub(crate) forgotten: Vec<RelPath>,
}

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// A file with the recorded size and time has the recorded bytes.
    Stat,
    /// Read every byte.
    Bytes,
}

pub(crate) struct Comparer<'a> {
    pub(crate) root: &'a Path,
    pub(crate) wanted: &'a WantedRelease,
    pub(crate) known: &'a Known,
    pub(crate) depth: Depth,
    pub(crate) progress: &'a dyn ProgressSink,
}

impl Comparer<'_> {
    pub(crate) fn compare(&self) -> Result<Comparison, UpdateError> {
        let paths: HashSet<&RelPath> = self.wanted.files.iter().map(|file| &file.path).collect();
        let entries = self.entries()?;
        self.check_the_way(&paths, &entries)?;
        let hashes = self.hash_suspects(&entries)?;
        let preserve = Globs::new(&self.wanted.preserve)?;
        let config = Globs::new(&self.wanted.config)?;
        let mut standings = Vec::with_capacity(entries.len());
        for ((file, entry), hash) in self.wanted.files.iter().zip(&entries).zip(hashes) {
            standings.push(self.stand(file, entry, hash, &preserve, &config)?);
        }
        let (removed, forgotten) = self.leftovers(&paths)?;
        let stats = entries.iter().map(Entry::stat).collect();
        Ok(Comparison { standings, stats, removed, forgotten })
    }

    /// Looks at the place of every wanted file, on all processors.
    fn entries(&self) -> Result<Vec<Entry>, UpdateError> {
        let files = &self.wanted.files;
        let look = |files: &[WantedFile]| -> Result<Vec<Entry>, UpdateError> {
            let entry = |file: &WantedFile| {
                let place = file.path.below(self.root);
                entry_at(&place).map_err(UpdateError::io("looking at", &place))
            };
            files.iter().map(entry).collect()
        };
        let chunk = files.len().div_ceil(threads()).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = files.chunks(chunk).map(|part| scope.spawn(move || look(part))).collect();
            let mut entries = Vec::with_capacity(files.len());
            for part in parts {
                match part.join() {
                    Ok(found) => entries.extend(found?),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            Ok(entries)
        })
    }

    /// Refuses before anything is touched what the commit could not carry out: a link where a folder
    /// has to be, a player's file where a folder has to be, a player's folder where a file has to be.
    fn check_the_way(&self, wanted: &HashSet<&RelPath>, entries: &[Entry]) -> Result<(), UpdateError> {
        let mut looked_at = HashSet::new();
        for (file, entry) in self.wanted.files.iter().zip(entries) {
            for parent in file.path.parents() {
                if looked_at.insert(parent) {
                    self.check_parent(parent)?;
                }
            }
            if *entry == Entry::Folder {
                self.check_folder(&file.path, wanted)?;
            }
        }
        Ok(())
    }

    fn check_parent(&self, parent: &str) -> Result<(), UpdateError> {
        let place = self.root.join(parent);
        match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
            Entry::Missing | Entry::Folder => Ok(()),
            Entry::Link => Err(UpdateError::LinkInTheWay { path: place }),
            _ if self.is_owned(parent) => Ok(()),
            _ => Err(UpdateError::InTheWay { path: place }),
        }
    }

    /// A folder may give way to a file when all that is in it is ours and leaves.
    fn check_folder(&self, path: &RelPath, wanted: &HashSet<&RelPath>) -> Result<(), UpdateError> {
        let place = path.below(self.root);
        let mut waiting = vec![(place.clone(), path.to_string())];
        while let Some((folder, name)) = waiting.pop() {
            let list = std::fs::read_dir(&folder).map_err(UpdateError::io("listing", &folder))?;
            for entry in list {
                let entry = entry.map_err(UpdateError::io("listing", &folder))?;
                let name = format!("{name}/{}", entry.file_name().to_string_lossy());
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder {
                    waiting.push((entry.path(), name));
                } else if !self.is_owned(&name)
                    || RelPath::parse(&name).is_ok_and(|path| wanted.contains(&path))
                {
                    return Err(UpdateError::InTheWay { path: place });
                }
            }
        }
        Ok(())
    }

    fn is_owned(&self, path: &str) -> bool {
        RelPath::parse(path)
            .is_ok_and(|path| self.known.rows.contains_key(&path) || self.record_2017(&path).is_some())
    }

    fn record_2017(&self, path: &RelPath) -> Option<&naru_protocol::Record2017> {
        self.known.list_2017.as_ref()?.get(path)
    }

    /// Hashes the files whose stat does not vouch for them.
    fn hash_suspects(&self, entries: &[Entry]) -> Result<Vec<Option<FileHash>>, UpdateError> {
        let mut jobs = Vec::new();
        let mut places = Vec::new();
        for (at, (file, entry)) in self.wanted.files.iter().zip(entries).enumerate() {
            if let Entry::File(stat) = entry
                && self.is_suspect(file, stat)
            {
                jobs.push(HashJob {
                    place: file.path.below(self.root),
                    path: file.path.clone(),
                    stat: *stat,
                });
                places.push(at);
            }
        }
        let mut hashes = vec![None; entries.len()];
        if jobs.is_empty() {
            return Ok(hashes);
        }
        let total =
            Total { bytes: Some(jobs.iter().map(|job| job.stat.size).sum()), items: Some(jobs.len() as u64) };
        let watcher = self.progress.start(Phase::Verify, total);
        for ((at, job), hash) in places.into_iter().zip(&jobs).zip(hash_files(&jobs, &*watcher)) {
            hashes[at] = Some(hash.map_err(UpdateError::io("reading", &job.place))?);
        }
        Ok(hashes)
    }

    fn is_suspect(&self, file: &WantedFile, stat: &FileStat) -> bool {
        match self.known.rows.get(&file.path) {
            // Without a record, a file of another length can't be the wanted one.
            None => stat.size == file.size || self.record_2017(&file.path).is_some(),
            Some(row) => self.depth == Depth::Bytes || row.kept || !row.vouches_for(stat),
        }
    }

    fn stand(
        &self,
        file: &WantedFile,
        entry: &Entry,
        hash: Option<FileHash>,
        preserve: &Globs,
        config: &Globs,
    ) -> Result<Standing, UpdateError> {
        let row = self.known.rows.get(&file.path);
        let stat = match entry {
            Entry::File(stat) => stat,
            Entry::Missing if preserve.matches(&file.path) && row.is_some() => {
                return Ok(Standing::Preserved);
            }
            Entry::Missing => return Ok(Standing::Missing),
            Entry::Folder => return Ok(Standing::Missing),
            Entry::Link | Entry::Other => return Ok(Standing::Foreign),
        };
        if preserve.matches(&file.path) {
            return Ok(Standing::Preserved);
        }
        let digest = hash
            .as_ref()
            .map(|hash| hash.digest)
            .or(row.filter(|row| row.vouches_for(stat)).map(|row| row.digest));
        if let Some(digest) = digest
            && self.is_wanted(file, &digest, row)?
        {
            return Ok(Standing::Right { digest, mode_is_right: self.mode_is_right(file, stat) });
        }
        self.stand_apart(file, stat, digest, hash, config)
    }

    /// A file whose bytes are not the wanted ones.
    fn stand_apart(
        &self,
        file: &WantedFile,
        stat: &FileStat,
        digest: Option<Digest>,
        hash: Option<FileHash>,
        config: &Globs,
    ) -> Result<Standing, UpdateError> {
        let row = self.known.rows.get(&file.path);
        let is_config = config.matches(&file.path);
        if let Some(row) = row {
            let player_changed = digest != Some(row.digest);
            if is_config && player_changed {
                let release_changed = file.digest().is_some_and(|wanted| *wanted != row.digest);
                return Ok(Standing::Player { release_changed });
            }
            return Ok(Standing::Differs { hash, size: stat.size });
        }
        if self.is_untouched_2017(file)? {
            return Ok(Standing::Differs { hash, size: stat.size });
        }
        Ok(if is_config { Standing::Player { release_changed: true } } else { Standing::Foreign })
    }

    fn is_untouched_2017(&self, file: &WantedFile) -> Result<bool, UpdateError> {
        let Some(record) = self.record_2017(&file.path) else {
            return Ok(false);
        };
        Ok(self.md5(&file.path)? == record.checksum)
    }

    fn md5(&self, path: &RelPath) -> Result<naru_protocol::Md5Digest, UpdateError> {
        let place = path.below(self.root);
        md5_of(&place).map_err(UpdateError::io("reading", &place))
    }

    fn is_wanted(&self, file: &WantedFile, digest: &Digest, row: Option<&Row>) -> Result<bool, UpdateError> {
        match &file.content {
            Content::Known(entry) => Ok(entry.digest == *digest),
            Content::Md5(checksum) => {
                let same_version =
                    self.known.versions.get(&file.path).is_some_and(|version| version == file.version());
                if same_version && row.is_some_and(|row| row.digest == *digest) {
                    return Ok(true);
                }
                Ok(self.md5(&file.path)? == *checksum)
            }
        }
    }

    fn mode_is_right(&self, file: &WantedFile, stat: &FileStat) -> bool {
        match &file.content {
            Content::Known(entry) => cfg!(not(unix)) || entry.executable == stat.executable,
            Content::Md5(_) => true,
        }
    }

    /// Files of the older release that the new one does not have. Nothing else is ever removed.
    fn leftovers(&self, wanted: &HashSet<&RelPath>) -> Result<(Vec<RelPath>, Vec<RelPath>), UpdateError> {
        let preserve = Globs::new(&self.known.preserve)?;
        let config = Globs::new(&self.known.config)?;
        let (mut removed, mut forgotten) = (Vec::new(), Vec::new());
        for (path, row) in self.known.rows.iter().filter(|(path, _)| !wanted.contains(path)) {
            let keeps = preserve.matches(path) || (config.matches(path) && self.player_changed(path, row)?);
            if keeps {
                forgotten.push(path.clone());
            } else {
                removed.push(path.clone());
            }
        }
        for (path, record) in self.known.list_2017.iter().flat_map(FileList2017::iter) {
            if !wanted.contains(path) && self.has_md5(path, record.checksum) {
                removed.push(path.clone());
            }
        }
        removed.sort();
        Ok((removed, forgotten))
    }

    fn has_md5(&self, path: &RelPath, checksum: naru_protocol::Md5Digest) -> bool {
        let place = path.below(self.root);
        matches!(entry_at(&place), Ok(Entry::File(_))) && md5_of(&place).is_ok_and(|found| found == checksum)
    }

    fn player_changed(&self, path: &RelPath, row: &Row) -> Result<bool, UpdateError> {
        let place = path.below(self.root);
        match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
            Entry::File(stat) if row.kept || !row.vouches_for(&stat) => {
                let hash = hash_file(&place, &stat).map_err(UpdateError::io("reading", &place))?;
                Ok(hash.digest != row.digest)
            }
            _ => Ok(false),
        }
    }
}

impl Row {
    /// Whether a file that looks like this has the recorded bytes.
    pub(crate) fn vouches_for(&self, stat: &FileStat) -> bool {
        !self.kept && self.size == stat.size && self.modified_ns == stat.modified_ns
    }
}
