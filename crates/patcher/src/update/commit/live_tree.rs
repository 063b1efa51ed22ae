//! The install folder while it changes: each step may be repeated, and obstacles that appeared since are
//! moved aside.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use naru_protocol::RelPath;

use super::folders::{case_key, coming_folders, left_folders, remove_empty_tree, respell};
use super::persist::Persistence;
use super::{Run, is_staged};
use crate::disk::{Entry, Seen, entry_at, is_missing, set_executable, unless_missing};
use crate::install_folder::{Delete, Install, Journal, OwnFolder, Stage, holds_modes};
use crate::update::free_name::free_name;
use crate::{ProgressSink, UpdateError, Warning};

/// The install folder while it changes. Obstacles that appeared since are moved aside.
pub(super) struct LiveTree<'a> {
    own: &'a OwnFolder,
    stage: &'a Stage,
    root: &'a Path,
    progress: &'a dyn ProgressSink,
    persistence: Persistence<'a>,
    /// Names that the commit gives to files of the release.
    coming: HashSet<String>,
    /// Folders that are ready to be put in place, by their paths.
    ready: HashMap<&'a str, u32>,
    /// Folders that are known to be real folders, no links.
    checked: HashSet<String>,
    /// Folders that were made just now: nothing but ours is in them.
    made: HashSet<String>,
    /// Files that were thrown away.
    thrown: u32,
}

impl<'a> LiveTree<'a> {
    pub(super) fn new(
        own: &'a OwnFolder,
        stage: &'a Stage,
        journal: &'a Journal,
        progress: &'a dyn ProgressSink,
    ) -> Self {
        let coming = journal.installs.iter().map(|install| install.path.case_key().into_owned()).collect();
        let ready = journal.folders.iter().map(|folder| (folder.path.as_str(), folder.number));
        Self {
            own,
            stage,
            root: &own.install,
            progress,
            persistence: Persistence::new(stage),
            coming,
            ready: ready.collect(),
            checked: HashSet::new(),
            made: HashSet::new(),
            thrown: 0,
        }
    }

    pub(super) fn delete(&mut self, delete: &Delete) -> Result<(), UpdateError> {
        let place = delete.path.below(self.root);
        // What lies behind a link, or has other bytes than those that were seen, is not the game's any
        // more: a journal may be days old.
        if delete.seen.is_none()
            || !self.has_real_parents(&delete.path)?
            || look(&place)?.seen() != delete.seen
        {
            return Ok(());
        }
        let removed = self.persistence.of(&place, || unless_missing(std::fs::remove_file(&place)));
        let gone = removed.or_else(|refused| self.throw_away(&place).map_err(|_| refused));
        gone.map_err(UpdateError::io("removing", &place))
    }

    /// Takes a file that can't be removed out of the game: it goes with the stage, or stays there.
    fn throw_away(&mut self, place: &Path) -> io::Result<()> {
        self.thrown += 1;
        self.stage.throw_in(place, self.thrown)
    }

    /// Removes the folders that deleting left empty, innermost first. A folder with anything in it
    /// stays, and so does one that will receive files: creating it again would need space, and where case is
    /// ignored, another spelling of its name means the same folder.
    pub(super) fn drop_empty_folders(&mut self, journal: &Journal) {
        let coming = coming_folders(journal);
        for folder in left_folders(journal) {
            if !coming.contains_key(&*case_key(folder)) && self.is_ours(folder) {
                std::fs::remove_dir(self.root.join(folder)).ok();
            }
        }
        self.checked.clear();
    }

    /// Whether a folder is reached without a link. Behind a link, not even an empty folder belongs to the game.
    fn is_ours(&mut self, folder: &str) -> bool {
        RelPath::parse(folder).is_ok_and(|path| self.has_real_parents(&path).unwrap_or(false))
    }

    /// Gives remaining folders the spelling of the release. On a case-sensitive file system they are other
    /// folders, and empty.
    pub(super) fn respell_folders(&mut self, journal: &Journal) {
        let coming = coming_folders(journal);
        for folder in left_folders(journal) {
            if let Some(new) = coming.get(&*case_key(folder)).filter(|new| **new != folder)
                && self.is_ours(folder)
            {
                let (old, new) = (self.root.join(folder), self.root.join(new));
                // The wrong spelling of a folder is no reason to hold the commit up.
                std::fs::remove_dir(&old).or_else(|_| respell(&old, &new)).ok();
            }
        }
        self.checked.clear();
    }

    /// What an earlier run has put in its place is no longer staged.
    pub(super) fn install_staged(&mut self, install: &Install, run: Run) -> Result<(), UpdateError> {
        if run == Run::Again && !is_staged(self.stage, &install.staged)? {
            return Ok(());
        }
        // Both look at the place once more: the player may write to it until the very moment of the
        // rename, and a rename replaces whatever is there.
        self.make_parents(&install.path)?;
        self.clear(install)?;
        let place = install.path.below(self.root);
        let moved = self.persistence.of(&place, || self.stage.move_into_place(&install.staged, &place));
        moved.map_err(UpdateError::io("putting in place", &place))
    }

    /// Leaves nothing at a place but the file that may be replaced.
    fn clear(&mut self, install: &Install) -> Result<(), UpdateError> {
        // A look at each place of a first install would cost as much as the install.
        if install.path.parents().last().is_some_and(|folder| self.made.contains(folder)) {
            return Ok(());
        }
        let place = install.path.below(self.root);
        let entry = look(&place)?;
        let may_go = match entry {
            Entry::Missing => true,
            Entry::File(stat) => Some(Seen::from(stat)) == install.replaces,
            Entry::Folder => {
                let removed = self.persistence.of(&place, || remove_empty_tree(&place));
                removed.map_err(UpdateError::io("removing", &place))?
            }
            Entry::Link | Entry::Other => false,
        };
        if may_go { Ok(()) } else { self.move_aside(install.path.as_str()) }
    }

    fn move_aside(&mut self, path: &str) -> Result<(), UpdateError> {
        let place = self.root.join(path);
        let name = free_name(self.root, path, "old", |key| self.coming.contains(key));
        let aside = self.root.join(&name);
        match self.persistence.of(&aside, || std::fs::rename(&place, &aside)) {
            // A FUSE file system that ignores case shows a removed file for a moment longer under the
            // other spellings of its name.
            Err(error) if is_missing(&error) => return Ok(()),
            moved => moved.map_err(UpdateError::io("moving aside", &place))?,
        }
        self.progress.warn(Warning::MovedAside(name));
        Ok(())
    }

    /// Sets the executable bit. A refusal must not hold the commit up: the file has its bytes, and
    /// the next run could do no more.
    pub(super) fn set_mode(&mut self, path: &RelPath, executable: bool) -> Result<(), UpdateError> {
        let place = path.below(self.root);
        if !self.has_real_parents(path)? || !matches!(look(&place)?, Entry::File(_)) {
            return Ok(());
        }
        let set = self.persistence.of(&place, || set_executable(&place, executable));
        // Another user's file can be replaced in a folder that we may write to.
        if set.is_err() && self.stage.replace_by_copy(&place, executable).is_err() && holds_modes(self.own) {
            self.progress.warn(Warning::ModeRefused(path.clone()));
        }
        Ok(())
    }

    /// Whether all folders above a path exist. Nothing behind a link belongs to the game.
    fn has_real_parents(&mut self, path: &RelPath) -> Result<bool, UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            if look(&self.root.join(parent))? != Entry::Folder {
                return Ok(false);
            }
            self.checked.insert(parent.to_owned());
        }
        Ok(true)
    }

    /// Ensures the folders above a path. They were created before the journal; one that replaces a file is
    /// renamed into place, and one that was removed since is created again.
    fn make_parents(&mut self, path: &RelPath) -> Result<(), UpdateError> {
        for parent in path.parents() {
            if self.checked.contains(parent) {
                continue;
            }
            let place = self.root.join(parent);
            let entry = look(&place)?;
            if entry != Entry::Folder {
                // A link is moved as well: through it, files would be written outside the game.
                if entry != Entry::Missing {
                    self.move_aside(parent)?;
                }
                self.make_folder(parent, &place)?;
            }
            self.checked.insert(parent.to_owned());
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &str, place: &Path) -> Result<(), UpdateError> {
        // The ready one needs no room on the disk; it may be gone with the rest of Naru's own folder.
        if let Some(number) = self.ready.remove(path)
            && self.persistence.of(place, || self.own.place_ready_folder(number, place)).is_ok()
        {
            return Ok(());
        }
        let made = self.persistence.of(place, || std::fs::create_dir(place));
        made.map_err(UpdateError::io("making", place))?;
        self.made.insert(path.to_owned());
        Ok(())
    }
}

fn look(place: &Path) -> Result<Entry, UpdateError> {
    entry_at(place).map_err(UpdateError::io("looking at", place))
}
