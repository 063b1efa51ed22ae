//! Comparing an install folder with a release: what is right, what is missing, what is the player's.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use naru_protocol::{Digest, FileList2017, RelPath};

use crate::disk::{Entry, FileStat, Seen, entry_at};
use crate::globs::Globs;
use crate::hash::{FileHash, HashJob, hash_file, hash_files, md5_of, threads};
use crate::ledger::Row;
use crate::looker::Looker;
use crate::modes::holds_modes;
use crate::obstacles::{Links, Obstacles};
use crate::own_folder::OwnFolder;
use crate::remote::{Content, WantedFile, WantedRelease};
use crate::spelling::Spellings;
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
    /// A file whose bytes can't be read: no right, or a damaged disk. `is_players` says that it is a
    /// config file with bytes of the player's, which are kept beside the release's.
    Unreadable { is_players: bool },
    /// What is at its place can't be looked at.
    Unreachable,
    /// Something stands in the way that neither an update nor a repair may touch.
    Blocked,
}

/// A whole comparison.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// One for each wanted file.
    pub(crate) standings: Vec<Standing>,
    /// What is at each wanted file's place.
    pub(crate) entries: Vec<Entry>,
    /// Files of the older release that are to be removed.
    pub(crate) removed: Vec<Leaving>,
    /// Paths that the ledger forgets although a file stays there.
    pub(crate) forgotten: Vec<RelPath>,
    /// The first thing that stands in the way of a wanted file.
    pub(crate) obstacle: Option<UpdateError>,
}

impl Comparison {
    /// Refuses a comparison that can't become a plan.
    pub(crate) fn unobstructed(mut self) -> Result<Self, UpdateError> {
        self.obstacle.take().map_or(Ok(self), Err)
    }
}

/// Places that can't be used.
#[derive(Debug, Default)]
struct Barred {
    /// How these wanted files stand.
    places: HashMap<usize, Standing>,
    /// The first reason.
    obstacle: Option<UpdateError>,
}

impl Barred {
    fn bar(&mut self, at: usize, reason: UpdateError) {
        let standing = match reason {
            UpdateError::LinkInTheWay { .. } | UpdateError::InTheWay { .. } => Standing::Blocked,
            _ => Standing::Unreachable,
        };
        self.places.insert(at, standing);
        self.obstacle.get_or_insert(reason);
    }

    /// What is at the places; nothing, as far as is known, where it can't be looked at.
    fn note_unreachable(&mut self, entries: Vec<Result<Entry, UpdateError>>) -> Vec<Entry> {
        let note = |(at, entry): (usize, Result<Entry, UpdateError>)| match entry {
            Ok(entry) => entry,
            Err(error) => {
                self.bar(at, error);
                Entry::Missing
            }
        };
        entries.into_iter().enumerate().map(note).collect()
    }
}

/// What reading a file has told.
#[derive(Debug, Clone)]
enum Bytes {
    /// Nobody had to read it.
    NotRead,
    Hashed(FileHash),
    Unreadable,
}

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
        let mut barred = Barred::default();
        let entries = barred.note_unreachable(self.entries());
        let (removed, forgotten) = self.leftovers(&paths, &mut barred)?;
        self.note_obstacles(&entries, &removed, &mut barred);
        let Barred { places: barred, obstacle } = barred;
        let preserve = Globs::new(&self.wanted.preserve)?;
        let config = Globs::new(&self.wanted.config)?;
        let hashes = self.hash_suspects(&entries, &barred, &preserve)?;
        let mut standings = Vec::with_capacity(entries.len());
        for (at, ((file, entry), hash)) in self.wanted.files.iter().zip(&entries).zip(hashes).enumerate() {
            standings.push(match barred.get(&at) {
                Some(standing) => standing.clone(),
                None => self.stand(file, entry, hash, &preserve, &config),
            });
        }
        self.part_from_old_names(&entries, &removed, &mut standings)?;
        self.accept_unheld_modes(&mut standings);
        Ok(Comparison { standings, entries, removed, forgotten, obstacle })
    }

    /// Notes the wanted files whose places can't be used.
    fn note_obstacles(&self, entries: &[Entry], removed: &[Leaving], barred: &mut Barred) {
        let mut obstacles = Obstacles::new(self.root, removed.iter().map(|leaving| &leaving.path));
        for (at, (file, entry)) in self.wanted.files.iter().zip(entries).enumerate() {
            if !barred.places.contains_key(&at)
                && let Err(error) = obstacles.check(&file.path, entry)
            {
                barred.bar(at, error);
            }
        }
    }

    /// Where a name has changed in its case only, a file system that ignores case shows the old file
    /// under the new name, and removing the old name would remove what looked right.
    fn part_from_old_names(
        &self,
        entries: &[Entry],
        removed: &[Leaving],
        standings: &mut [Standing],
    ) -> Result<(), UpdateError> {
        let leaving: HashMap<Cow<'_, str>, &RelPath> =
            removed.iter().map(|leaving| (leaving.path.case_key(), &leaving.path)).collect();
        if leaving.is_empty() {
            return Ok(());
        }
        let mut spellings = Spellings::new(self.root);
        for ((file, entry), standing) in self.wanted.files.iter().zip(entries).zip(standings) {
            if entry.stat().is_some()
                && let Some(old) = leaving.get(&file.path.case_key())
                && spellings.are_one(old, &file.path)?
            {
                *standing = Standing::Missing;
            }
        }
        Ok(())
    }

    /// An executable bit that the file system can't keep is not a difference: no update and no repair
    /// could ever end it.
    fn accept_unheld_modes(&self, standings: &mut [Standing]) {
        let mut wrong: Vec<&mut bool> = standings.iter_mut().filter_map(wrong_mode).collect();
        if !wrong.is_empty() && !holds_modes(&OwnFolder::new(self.root)) {
            wrong.iter_mut().for_each(|is_right| **is_right = true);
        }
    }

    /// Looks at the place of every wanted file, on all processors.
    fn entries(&self) -> Vec<Result<Entry, UpdateError>> {
        let files = &self.wanted.files;
        let look = |files: &[WantedFile]| -> Vec<Result<Entry, UpdateError>> {
            let mut looker = Looker::new(self.root);
            files.iter().map(|file| self.look(&mut looker, &file.path)).collect()
        };
        let chunk = files.len().div_ceil(threads()).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> = files.chunks(chunk).map(|part| scope.spawn(move || look(part))).collect();
            let mut entries = Vec::with_capacity(files.len());
            for part in parts {
                match part.join() {
                    Ok(found) => entries.extend(found),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            entries
        })
    }

    fn record_2017(&self, path: &RelPath) -> Option<&naru_protocol::Record2017> {
        self.known.list_2017.as_ref()?.get(path)
    }

    /// Hashes the files whose stat does not vouch for them.
    fn hash_suspects(
        &self,
        entries: &[Entry],
        barred: &HashMap<usize, Standing>,
        preserve: &Globs,
    ) -> Result<Vec<Bytes>, UpdateError> {
        let mut jobs = Vec::new();
        let mut places = Vec::new();
        for (at, (file, entry)) in self.wanted.files.iter().zip(entries).enumerate() {
            if let Entry::File(stat) = entry
                && !barred.contains_key(&at)
                && self.is_suspect(file, stat)
                && !preserve.matches(&file.path)
            {
                jobs.push(HashJob {
                    place: file.path.below(self.root),
                    path: file.path.clone(),
                    stat: *stat,
                });
                places.push(at);
            }
        }
        let mut hashes = vec![Bytes::NotRead; entries.len()];
        if jobs.is_empty() {
            return Ok(hashes);
        }
        let total =
            Total { bytes: Some(jobs.iter().map(|job| job.stat.size).sum()), items: Some(jobs.len() as u64) };
        let watcher = self.progress.start(Phase::Verify, total);
        for (at, hash) in places.into_iter().zip(hash_files(&jobs, &*watcher)) {
            hashes[at] = hash.map_or(Bytes::Unreadable, Bytes::Hashed);
        }
        // What was not read would pass for damaged.
        if watcher.is_stopped() { Err(UpdateError::Stopped) } else { Ok(hashes) }
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
        bytes: Bytes,
        preserve: &Globs,
        config: &Globs,
    ) -> Standing {
        let row = self.known.rows.get(&file.path);
        let is_preserved = preserve.matches(&file.path);
        let stat = match entry {
            Entry::File(_) | Entry::Link | Entry::Other if is_preserved => return Standing::Preserved,
            Entry::File(stat) => stat,
            Entry::Missing if is_preserved && row.is_some() => return Standing::Preserved,
            Entry::Missing | Entry::Folder => return Standing::Missing,
            // A player may keep the settings elsewhere, behind a link.
            Entry::Link | Entry::Other if config.matches(&file.path) => {
                return self.stand_for_player(file, row);
            }
            Entry::Link | Entry::Other => return Standing::Foreign,
        };
        let hash = match bytes {
            Bytes::Unreadable => return self.stand_unreadable(file, stat, config),
            Bytes::Hashed(hash) => Some(hash),
            Bytes::NotRead => None,
        };
        let digest = hash
            .as_ref()
            .map(|hash| hash.digest)
            .or(row.filter(|row| row.vouches_for(stat)).map(|row| row.digest));
        if let Some(digest) = digest
            && self.is_wanted(file, &digest, row)
        {
            return Standing::Right { digest, mode_is_right: self.mode_is_right(file, stat) };
        }
        self.stand_apart(file, stat, digest, hash, config)
    }

    /// A file that was to be read and can't be. Its stat vouches for nothing then: what the ledger
    /// says of it is what it should be.
    fn stand_unreadable(&self, file: &WantedFile, stat: &FileStat, config: &Globs) -> Standing {
        let row = self.known.rows.get(&file.path);
        let is_players = config.matches(&file.path) && !row.is_some_and(|row| row.vouches_for(stat));
        match row {
            // An update leaves the player's settings alone; a repair is asked to mend them.
            _ if is_players && self.depth == Depth::Stat => self.stand_for_player(file, row),
            None if !is_players => Standing::Foreign,
            _ => Standing::Unreadable { is_players },
        }
    }

    /// The player's own version of a config file.
    fn stand_for_player(&self, file: &WantedFile, row: Option<&Row>) -> Standing {
        let is_unchanged = match (row, &file.content) {
            (Some(row), Content::Known(entry)) => entry.digest == row.digest,
            (Some(_), Content::Md5(_)) => self.has_version(file),
            // A folder of the 2017 client: its list names the object that the player has changed since.
            (None, _) => self.record_2017(&file.path).is_some() && self.has_version(file),
        };
        Standing::Player { release_changed: !is_unchanged }
    }

    /// A file whose bytes are not the wanted ones.
    fn stand_apart(
        &self,
        file: &WantedFile,
        stat: &FileStat,
        digest: Option<Digest>,
        hash: Option<FileHash>,
        config: &Globs,
    ) -> Standing {
        let row = self.known.rows.get(&file.path);
        let is_config = config.matches(&file.path);
        if let Some(row) = row {
            let player_changed = digest != Some(row.digest);
            if is_config && player_changed {
                return self.stand_for_player(file, Some(row));
            }
            return Standing::Differs { hash, size: stat.size };
        }
        let untouched_2017 =
            self.record_2017(&file.path).is_some_and(|record| self.has_md5(&file.path, record.checksum));
        if untouched_2017 {
            return Standing::Differs { hash, size: stat.size };
        }
        if is_config { self.stand_for_player(file, None) } else { Standing::Foreign }
    }

    fn is_wanted(&self, file: &WantedFile, digest: &Digest, row: Option<&Row>) -> bool {
        match &file.content {
            Content::Known(entry) => entry.digest == *digest,
            Content::Md5(checksum) => {
                let as_installed = self.has_version(file) && row.is_some_and(|row| row.digest == *digest);
                as_installed || self.has_md5(&file.path, *checksum)
            }
        }
    }

    /// Whether the installed release names the same version of the file.
    fn has_version(&self, file: &WantedFile) -> bool {
        self.known.versions.get(&file.path).is_some_and(|version| *version == file.version)
    }

    fn mode_is_right(&self, file: &WantedFile, stat: &FileStat) -> bool {
        match &file.content {
            Content::Known(entry) => entry.executable == stat.executable,
            Content::Md5(_) => true,
        }
    }

    /// Files of the older release that the new one does not have: those to remove, and those to
    /// forget, because something else than our file is there. Nothing else is ever removed.
    fn leftovers(
        &self,
        wanted: &HashSet<&RelPath>,
        barred: &mut Barred,
    ) -> Result<(Vec<Leaving>, Vec<RelPath>), UpdateError> {
        let preserve = Globs::new(&self.known.preserve)?;
        let config = Globs::new(&self.known.config)?;
        let (mut links, mut looker) = (Links::new(self.root), Looker::new(self.root));
        let (mut removed, mut forgotten) = (Vec::new(), Vec::new());
        for (path, row) in self.known.rows.iter().filter(|(path, _)| !wanted.contains(path)) {
            let entry = match links.lead_to(path) {
                true => Ok(Entry::Link),
                false => self.look(&mut looker, path),
            };
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    barred.obstacle.get_or_insert(error);
                    continue;
                }
            };
            let is_ours = match &entry {
                Entry::File(stat) => !config.matches(path) || self.has_bytes_of(path, stat, row),
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
            if !wanted.contains(path) && !links.lead_to(path) && self.has_md5(path, record.checksum) {
                removed.push(Leaving { path: path.clone(), stat: self.look(&mut looker, path)?.stat() });
            }
        }
        removed.sort_by(|a, b| a.path.cmp(&b.path));
        Ok((removed, forgotten))
    }

    fn look<'b>(&'b self, looker: &mut Looker<'b>, path: &'b RelPath) -> Result<Entry, UpdateError> {
        looker.look(path).map_err(UpdateError::io("looking at", &path.below(self.root)))
    }

    fn has_md5(&self, path: &RelPath, checksum: naru_protocol::Md5Digest) -> bool {
        let place = path.below(self.root);
        matches!(entry_at(&place), Ok(Entry::File(_))) && md5_of(&place).is_ok_and(|found| found == checksum)
    }

    /// Whether a file is as we installed it. One that can't be read may be the player's.
    fn has_bytes_of(&self, path: &RelPath, stat: &FileStat, row: &Row) -> bool {
        row.vouches_for(stat)
            || hash_file(&path.below(self.root), stat).is_ok_and(|hash| hash.digest == row.digest)
    }
}

fn wrong_mode(standing: &mut Standing) -> Option<&mut bool> {
    match standing {
        Standing::Right { mode_is_right, .. } if !*mode_is_right => Some(mode_is_right),
        _ => None,
    }
}

impl Row {
    /// Whether a file that looks like this has the recorded bytes.
    pub(crate) fn vouches_for(&self, stat: &FileStat) -> bool {
        !self.kept && self.size == stat.size && self.modified_ns == stat.modified_ns
    }
}
