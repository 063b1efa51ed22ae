//! The folder of Naru's own files inside an install folder.
//!
//! Whoever can write to the install folder, or made the archive that it came from, can put anything
//! there. Nothing in it is followed, and no name in it is believed.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use naru_protocol::Limits;

use crate::UpdateError;
use crate::disk::{Entry, copy_with_time, open_file, reserve, set_executable_of, sync_file};
use crate::folder::{Access, Folder, Intrusion};
use crate::journal::Journal;
use crate::ledger::Documents;
use crate::modes::PROBE;
use crate::staged_name::StagedName;

const NAME: &str = ".naru";
const STAGE: &str = "stage";
const LEDGER: &str = "filedb.db";
const BROKEN_LEDGER: &str = "filedb.db.broken";
/// What SQLite left beside the ledger when an earlier Naru was killed while it wrote.
const SQLITE_JOURNAL: &str = "filedb.db-journal";
const LOCK: &str = "lock";
const JOURNAL: &str = "journal";

/// The ledger as it will be after the commit.
const NEW_LEDGER: &str = "filedb.db.new";

/// What `replace` writes before it renames; a journal that can't be removed becomes such a draft.
const JOURNAL_DRAFT: &str = "journal.tmp";
const LEDGER_DRAFT: &str = "filedb.db.tmp";

/// Blocks in the stage that are kept for folders which grow.
const RESERVED: &str = "reserved";

/// The release's documents in the stage.
const MANIFEST: &str = "manifest";
const LOCATIONS: &str = "locations";

/// A copy in the stage that takes the place of a live file.
const COPY: &str = "mode";

/// A journal of the largest release takes a third of it; a longer one is not written, and not read.
const MOST_JOURNAL: u64 = 1 << 30;

/// As much as SQLite holds in memory.
const MOST_LEDGER: u64 = 1 << 30;

/// Marks of a file of 8 TiB.
pub(crate) const MOST_MARKS: u64 = 64 << 20;

/// The folder's place; it need not be there yet.
#[derive(Debug, Clone)]
pub(crate) struct OwnFolder {
    pub(crate) install: PathBuf,
}

impl OwnFolder {
    pub(crate) fn new(install: &Path) -> Self {
        Self { install: install.to_path_buf() }
    }

    /// Where it is, for messages.
    pub(crate) fn path(&self) -> PathBuf {
        self.install.join(NAME)
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join(LEDGER)
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.path().join(LOCK)
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.path().join(JOURNAL)
    }

    pub(crate) fn stage_path(&self) -> PathBuf {
        self.path().join(STAGE)
    }

    /// The folder, where there is one.
    pub(crate) fn find(&self) -> Result<Option<Folder>, UpdateError> {
        let install =
            Folder::open_followed(&self.install).map_err(UpdateError::io("opening", &self.install))?;
        let own = install.map_or(Ok(None), |install| install.enter(NAME));
        own.map_err(UpdateError::io("opening", &self.path()))
    }

    pub(crate) fn existing(&self) -> Result<Folder, UpdateError> {
        self.find()?.ok_or_else(|| UpdateError::io("opening", &self.path())(missing()))
    }

    /// The folder, made where there is none; so is the install folder.
    pub(crate) fn make(&self) -> Result<Folder, UpdateError> {
        let made = std::fs::create_dir_all(&self.install).and_then(|()| {
            let install = Folder::open_followed(&self.install)?.ok_or(io::ErrorKind::NotADirectory)?;
            install.make(NAME)
        });
        made.map_err(not_made(&self.path()))
    }

    /// The lock's file, made where there is none.
    pub(crate) fn lock_file(&self) -> Result<File, UpdateError> {
        let folder = self.make()?;
        let open = || loop {
            if let Some(file) = folder.open(LOCK, Access::Write)? {
                return Ok(file);
            }
            match folder.create_new(LOCK) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                created => return created,
            }
        };
        open().map_err(UpdateError::io("opening", &self.lock()))
    }

    /// The lock's file, opened for reading only.
    pub(crate) fn readable_lock_file(&self) -> Result<Option<File>, UpdateError> {
        let Some(folder) = self.find()? else {
            return file_in_place_of(&self.install)
                .map_or(Ok(None), |path| Err(UpdateError::NotAFolder { path }));
        };
        folder.open(LOCK, Access::Read).map_err(UpdateError::io("opening", &self.lock()))
    }

    /// Whether a commit was interrupted.
    pub(crate) fn has_journal(&self) -> Result<bool, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(false);
        };
        let entry = folder.look(JOURNAL).map_err(UpdateError::io("looking at", &self.journal()))?;
        // An empty one is finished and could not be removed.
        let is_finished = entry.stat().is_some_and(|stat| stat.size == 0);
        Ok(entry != Entry::Missing && !is_finished)
    }

    /// The journal of an interrupted commit.
    pub(crate) fn read_journal(&self) -> Result<Option<Journal>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        let bytes =
            folder.read(JOURNAL, MOST_JOURNAL).map_err(UpdateError::io("reading", &self.journal()))?;
        // How a finished one is marked where it can't be removed; a crash never leaves it so.
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            return Ok(None);
        };
        match serde_json::from_slice::<Journal>(&bytes) {
            Ok(journal) if journal.format == 1 => Ok(Some(journal)),
            _ => Err(UpdateError::Journal { path: self.journal() }),
        }
    }

    /// Writes the journal: from here on, the commit is only ever finished.
    pub(crate) fn write_journal(&self, journal: &Journal) -> Result<(), UpdateError> {
        let path = self.journal();
        let broken = |error: serde_json::Error| UpdateError::io("writing", &path)(error.into());
        let bytes = serde_json::to_vec(journal).map_err(broken)?;
        let written = match bytes.len() as u64 > MOST_JOURNAL {
            // It could not be read back.
            true => Err(io::ErrorKind::FileTooLarge.into()),
            false => self.existing()?.replace(JOURNAL, &bytes),
        };
        if written.is_err() {
            // It may be there and not survive a power cut. While nothing has changed, the way back
            // is open.
            self.drop_journal().ok();
        }
        written.map_err(UpdateError::io("writing", &path))
    }

    /// Drops the journal: the commit is finished. One that can't be removed is renamed or emptied, so
    /// that no later run takes it for an open one.
    pub(crate) fn drop_journal(&self) -> Result<(), UpdateError> {
        let folder = self.existing()?;
        let emptied = || folder.open(JOURNAL, Access::Write)?.map_or(Ok(()), |file| file.set_len(0));
        let removed = folder
            .remove(JOURNAL)
            .or_else(|refused| folder.rename(JOURNAL, JOURNAL_DRAFT).map_err(|_| refused))
            .or_else(|refused| emptied().map_err(|_| refused));
        removed.map_err(UpdateError::io("removing", &self.journal()))?;
        // A journal that a power cut brings back is carried out once more and finds all of it done.
        folder.sync().ok();
        Ok(())
    }

    /// Drops what is left of a run that was killed before its journal or right after it, and what an
    /// earlier run could not remove.
    pub(crate) fn drop_unfinished(&self) {
        if let Ok(Some(folder)) = self.find() {
            for name in [JOURNAL, JOURNAL_DRAFT, NEW_LEDGER, LEDGER_DRAFT, PROBE] {
                folder.remove(name).ok();
            }
        }
        self.drop_folders();
    }

    /// The ledger's bytes. What is there and no file of at most the length that a ledger may have is
    /// a broken ledger.
    pub(crate) fn read_ledger(&self) -> Result<Option<Vec<u8>>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        let broken = |problem: String| UpdateError::BrokenLedger { path: self.ledger(), problem };
        let looked = folder.look(SQLITE_JOURNAL).map_err(UpdateError::io("looking at", &self.path()))?;
        if looked != Entry::Missing {
            return Err(broken("its last change was cut off".into()));
        }
        folder.read(LEDGER, MOST_LEDGER).map_err(|error| match Intrusion::of(&error) {
            Some(intrusion) => broken(format!("it is {}", intrusion.intruder)),
            None if error.kind() == io::ErrorKind::FileTooLarge => broken(error.to_string()),
            None => UpdateError::io("reading", &self.ledger())(error),
        })
    }

    /// Bytes that the ledger takes on the disk; the one after a commit takes as much and what is new.
    pub(crate) fn allocated_for_ledger(&self) -> u64 {
        let folder = self.find().ok().flatten();
        folder.and_then(|folder| folder.allocated(LEDGER).ok()).unwrap_or(0).min(MOST_LEDGER)
    }

    pub(crate) fn write_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let written = self.existing()?.replace(LEDGER, bytes);
        written.map_err(UpdateError::io("writing", &self.ledger()))
    }

    /// Writes the ledger as it will be after the commit, which only renames it.
    pub(crate) fn write_new_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let write = |folder: &Folder| {
            let mut file = folder.create(NEW_LEDGER)?;
            file.write_all(bytes)?;
            sync_file(&file)
        };
        write(&self.existing()?).map_err(UpdateError::io("writing", &self.path().join(NEW_LEDGER)))
    }

    /// Puts the new ledger in place; tells whether there was one.
    pub(crate) fn place_new_ledger(&self) -> Result<bool, UpdateError> {
        let folder = self.existing()?;
        match folder.rename(NEW_LEDGER, LEDGER) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            placed => placed.map(|()| true).map_err(UpdateError::io("putting in place", &self.ledger())),
        }
    }

    /// Writes over the ledger where nothing can be renamed to its place. The journal is still there: a
    /// ledger that is cut off is written again.
    pub(crate) fn overwrite_ledger(&self, bytes: &[u8]) -> Result<(), UpdateError> {
        let write = |folder: &Folder| {
            let mut file = folder.open(LEDGER, Access::Write)?.ok_or_else(missing)?;
            file.set_len(0)?;
            file.write_all(bytes)?;
            sync_file(&file)
        };
        write(&self.existing()?).map_err(UpdateError::io("writing", &self.ledger()))
    }

    /// Moves a damaged ledger away; a link is moved itself, not what it leads to.
    pub(crate) fn set_ledger_aside(&self) -> Result<(), UpdateError> {
        let folder = self.existing()?;
        let move_aside = || {
            folder.remove(BROKEN_LEDGER)?;
            match folder.rename(LEDGER, BROKEN_LEDGER) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => folder.remove(SQLITE_JOURNAL),
            }
        };
        move_aside().map_err(UpdateError::io("moving aside", &self.ledger()))
    }

    /// The stage, where there is one.
    pub(crate) fn stage(&self) -> Result<Option<Stage>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        match folder.enter(STAGE) {
            Ok(folder) => Ok(folder.map(|folder| Stage { folder })),
            // It holds nothing of ours; whoever needs a stage removes it.
            Err(error) if Intrusion::of(&error).is_some() => Ok(None),
            Err(error) => Err(UpdateError::io("opening", &self.stage_path())(error)),
        }
    }

    /// The stage of a commit, which must be there.
    pub(crate) fn existing_stage(&self) -> Result<Stage, UpdateError> {
        let entered = self.existing()?.enter(STAGE).and_then(|folder| folder.ok_or_else(missing));
        entered.map(|folder| Stage { folder }).map_err(UpdateError::io("opening", &self.stage_path()))
    }

    /// The stage, made where there is none.
    pub(crate) fn make_stage(&self) -> Result<Stage, UpdateError> {
        let made = self.make()?.make_own(STAGE);
        made.map(|folder| Stage { folder }).map_err(UpdateError::io("making", &self.stage_path()))
    }

    pub(crate) fn drop_stage(&self) -> Result<(), UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(());
        };
        folder.remove(STAGE).map_err(UpdateError::io("removing", &self.stage_path()))
    }
}

/// The open folder of staged files: one folder for each shard, the files in these.
#[derive(Debug)]
pub(crate) struct Stage {
    folder: Folder,
}

impl Stage {
    /// Where a staged file is, for messages.
    pub(crate) fn place_of(&self, name: &StagedName) -> PathBuf {
        self.folder.place_of(name.as_str())
    }

    /// Where the stage is, for messages.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that a staged file is in.
    pub(crate) fn shard(&self, name: &StagedName) -> io::Result<Option<Folder>> {
        self.folder.enter(name.shard())
    }

    /// The same, made where there is none.
    pub(crate) fn make_shard(&self, name: &StagedName) -> io::Result<Folder> {
        self.folder.make(name.shard())
    }

    pub(crate) fn look(&self, name: &StagedName) -> io::Result<Entry> {
        self.shard(name)?.map_or(Ok(Entry::Missing), |shard| shard.look(name.leaf()))
    }

    pub(crate) fn open(&self, name: &StagedName) -> io::Result<Option<File>> {
        self.shard(name)?.map_or(Ok(None), |shard| shard.open(name.leaf(), Access::Read))
    }

    /// Bytes that a staged file takes on the disk.
    pub(crate) fn allocated(&self, name: &StagedName) -> u64 {
        let shard = self.shard(name).ok().flatten();
        shard.and_then(|shard| shard.allocated(name.leaf()).ok()).unwrap_or(0)
    }

    /// Moves a staged file to its place in the game.
    pub(crate) fn put(&self, name: &StagedName, place: &Path) -> io::Result<()> {
        let shard = self.shard(name)?.ok_or_else(missing)?;
        shard.move_out(name.leaf(), place)
    }

    /// Sets or clears the executable bit of a staged file, which gets an inode of its own first: the
    /// bit must not show on the live file before the commit.
    pub(crate) fn set_executable(&self, name: &StagedName, executable: bool) -> io::Result<()> {
        let shard = self.shard(name)?.ok_or_else(missing)?;
        if cfg!(unix) && shard.is_shared(name.leaf())? {
            unshare(&shard, name.leaf())?;
        }
        let file = shard.open(name.leaf(), Access::Read)?.ok_or_else(missing)?;
        set_executable_of(&file, executable)
    }

    /// Puts a copy with the right mode in the place of a file of the game whose mode can't be set.
    pub(crate) fn replace_by_copy(&self, place: &Path, executable: bool) -> io::Result<()> {
        let mut copy = self.folder.create(COPY)?;
        copy_with_time(&mut open_file(place)?, &mut copy)?;
        set_executable_of(&copy, executable)?;
        drop(copy);
        self.folder.move_out(COPY, place)
    }

    /// Takes a file of the game that can't be removed; it goes with the stage, or stays in it.
    pub(crate) fn throw_in(&self, place: &Path, number: u32) -> io::Result<()> {
        self.folder.move_in(place, &format!("thrown-{number}"))
    }

    /// Reserves so many bytes, which the commit may give back to the disk when a folder has to grow.
    pub(crate) fn reserve(&self, size: u64) -> Result<(), UpdateError> {
        let made = self.folder.create(RESERVED).and_then(|file| reserve(&file, size));
        made.map_err(UpdateError::io("writing", &self.folder.place_of(RESERVED)))
    }

    /// Gives the reserved blocks back. A journaling file system hands freed blocks out again only after
    /// its next commit, so that is asked for.
    pub(crate) fn give_back(&self) {
        self.folder.remove(RESERVED).ok();
        self.sync().ok();
    }

    /// Flushes all that was staged.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.folder.sync_tree()
    }

    /// Puts the release's documents where the commit, also a later one, finds them.
    pub(crate) fn write_documents(&self, documents: &Documents) -> Result<(), UpdateError> {
        for (name, bytes) in [(MANIFEST, &documents.manifest), (LOCATIONS, &documents.locations)] {
            let written = self.folder.write(name, bytes);
            written.map_err(UpdateError::io("writing", &self.folder.place_of(name)))?;
        }
        Ok(())
    }

    pub(crate) fn documents(&self) -> Result<Documents, UpdateError> {
        let read = |name: &str| {
            let read = self.folder.read(name, Limits::MANIFEST);
            let read = read.and_then(|bytes| bytes.ok_or_else(missing));
            read.map_err(UpdateError::io("reading", &self.folder.place_of(name)))
        };
        Ok(Documents { manifest: read(MANIFEST)?, locations: read(LOCATIONS)? })
    }

    /// Keeps the wanted files and their marks, and answers which files are there. All else goes: it
    /// would take the room of what is to come, and what is no plain file is none of ours.
    pub(crate) fn keep_only(&self, wanted: &HashSet<&StagedName>) -> io::Result<HashSet<StagedName>> {
        let mut found = HashSet::new();
        for shard_name in self.folder.names()? {
            if self.folder.look(&shard_name)? != Entry::Folder {
                self.folder.remove(&shard_name)?;
                continue;
            }
            let Some(shard) = self.folder.enter(&shard_name)? else {
                continue;
            };
            for leaf in shard.names()? {
                let name = StagedName::of_entry(&shard_name, &leaf).filter(|name| wanted.contains(name));
                match name {
                    Some(name) if matches!(shard.look(&leaf)?, Entry::File(_)) => {
                        // The marks alone are nothing.
                        if leaf.to_str() == Some(name.leaf()) {
                            found.insert(name);
                        }
                    }
                    _ => shard.remove(&leaf)?,
                }
            }
        }
        Ok(found)
    }

    /// Bytes that have arrived in all staged files.
    pub(crate) fn arrived_bytes(&self) -> u64 {
        let shards = self.folder.names().unwrap_or_default();
        let shards = shards.iter().filter_map(|name| Some((name, self.folder.enter(name).ok()??)));
        let in_shard = |(shard_name, shard): (&OsString, Folder)| -> u64 {
            let leaves = shard.names().unwrap_or_default();
            let names = leaves.iter().filter_map(|leaf| StagedName::of_entry(shard_name, leaf));
            let names: HashSet<StagedName> = names.collect();
            names.iter().map(|name| arrived_in(&shard, name)).fold(0, u64::saturating_add)
        };
        shards.map(in_shard).fold(0, u64::saturating_add)
    }

    /// Bytes of one staged file that have arrived.
    pub(crate) fn arrived_bytes_of(&self, name: &StagedName) -> u64 {
        self.shard(name).ok().flatten().map_or(0, |shard| arrived_in(&shard, name))
    }
}

/// A file with marks has all its room already, and the marks say how much of it is filled. They are
/// a hint, whoever wrote them: no file has more bytes than its length.
fn arrived_in(shard: &Folder, name: &StagedName) -> u64 {
    let Ok(Entry::File(stat)) = shard.look(name.leaf()) else {
        return 0;
    };
    match shard.read(&name.marks(), MOST_MARKS) {
        Ok(Some(marks)) => {
            let marks = marks.as_chunks().0.iter().map(|mark| u64::from_le_bytes(*mark));
            marks.fold(0, u64::saturating_add).min(stat.size)
        }
        _ => stat.size,
    }
}

fn missing() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// Gives a name that shares its inode with a file of the install folder an inode of its own.
fn unshare(shard: &Folder, name: &str) -> io::Result<()> {
    let mut shared = shard.open(name, Access::Read)?.ok_or_else(missing)?;
    let fresh = format!("{name}.own");
    copy_with_time(&mut shared, &mut shard.create(&fresh)?)?;
    shard.rename(&fresh, name)
}

/// Why there is no folder: the system's words, or the file that lies in its place.
fn not_made(folder: &Path) -> impl FnOnce(io::Error) -> UpdateError {
    move |error| match folder.parent().and_then(file_in_place_of) {
        Some(path) => UpdateError::NotAFolder { path },
        None => UpdateError::io("making", folder)(error),
    }
}

/// The file that lies where a folder, or one above it, should be.
fn file_in_place_of(folder: &Path) -> Option<PathBuf> {
    let there = folder.ancestors().find_map(|place| Some((place, std::fs::metadata(place).ok()?)));
    there.filter(|(_, found)| !found.is_dir()).map(|(place, _)| place.to_path_buf())
}
