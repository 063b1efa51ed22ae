//! The folder of staged files (`<install>/.naru/stage`): one folder for each shard, the files in these.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use naru_protocol::Limits;

use super::OwnFolder;
use super::own_folder::missing;
use super::staged_name::StagedName;
use crate::UpdateError;
use crate::disk::{Entry, copy_with_time, open_file, reserve, set_executable_of};
use crate::folder::{Access, Folder, Intrusion};
use crate::release::Documents;

const STAGE: &str = "stage";

/// Blocks in the stage that are kept for folders which grow.
const RESERVED: &str = "reserved";

/// The release's documents in the stage.
const MANIFEST: &str = "manifest";
const LOCATIONS: &str = "locations";

/// A copy in the stage that takes the place of a live file.
const COPY: &str = "mode";

/// Marks of a file of 8 TiB.
pub(crate) const MOST_MARKS: u64 = 64 << 20;

impl OwnFolder {
    fn stage_path(&self) -> PathBuf {
        self.path().join(STAGE)
    }

    /// The stage, where there is one.
    pub(crate) fn stage(&self) -> Result<Option<Stage>, UpdateError> {
        let Some(folder) = self.find()? else {
            return Ok(None);
        };
        match folder.enter(STAGE) {
            Ok(folder) => Ok(folder.map(|folder| Stage { folder })),
            // It has none of our files; a run that needs a stage removes it.
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

/// The open folder of staged files.
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
    pub(crate) fn move_into_place(&self, name: &StagedName, place: &Path) -> io::Result<()> {
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

    /// Reserves bytes, which the commit may give back to the disk when a folder has to grow.
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

    /// The release's documents; `None` if they were removed.
    pub(crate) fn documents(&self) -> Result<Option<Documents>, UpdateError> {
        let read = |name: &str| {
            let read = self.folder.read(name, Limits::MANIFEST);
            read.map_err(UpdateError::io("reading", &self.folder.place_of(name)))
        };
        let (Some(manifest), Some(locations)) = (read(MANIFEST)?, read(LOCATIONS)?) else {
            return Ok(None);
        };
        Ok(Some(Documents { manifest, locations }))
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
/// only a hint, so they are capped at the file's length.
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

/// Copies a file that shares its inode with one of the install folder (a hard link).
fn unshare(shard: &Folder, name: &str) -> io::Result<()> {
    let mut shared = shard.open(name, Access::Read)?.ok_or_else(missing)?;
    let fresh = format!("{name}.own");
    copy_with_time(&mut shared, &mut shard.create(&fresh)?)?;
    shard.rename(&fresh, name)
}
