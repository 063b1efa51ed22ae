//! Finds obstacles in the way of a release, before anything is touched.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use naru_protocol::RelPath;

use super::spelling::Spellings;
use crate::UpdateError;
use crate::disk::{Entry, entry_at};

/// Looks for a link where a folder has to be, a player's file where a folder has to be, and a
/// player's folder where a file has to be.
pub(crate) struct Obstacles<'a> {
    root: &'a Path,
    /// Files that the commit removes, which are therefore no obstacles.
    leaving: HashSet<&'a str>,
    /// The same by their names without case.
    leaving_keys: HashMap<Cow<'a, str>, &'a RelPath>,
    spellings: Spellings<'a>,
    passable: HashSet<&'a str>,
}

impl<'a> Obstacles<'a> {
    pub(crate) fn new(root: &'a Path, leaving: impl Iterator<Item = &'a RelPath>) -> Self {
        let leaving: Vec<&RelPath> = leaving.collect();
        Self {
            root,
            leaving: leaving.iter().map(|path| path.as_str()).collect(),
            leaving_keys: leaving.iter().map(|path| (path.case_key(), *path)).collect(),
            spellings: Spellings::new(root),
            passable: HashSet::new(),
        }
    }

    /// Refuses a place that a file can't be put to; `entry` is what is there.
    pub(crate) fn check(&mut self, path: &'a RelPath, entry: &Entry) -> Result<(), UpdateError> {
        for parent in path.parents() {
            if !self.passable.contains(parent) {
                self.check_parent(parent)?;
                self.passable.insert(parent);
            }
        }
        if *entry == Entry::Folder { self.check_folder(path) } else { Ok(()) }
    }

    fn check_parent(&mut self, parent: &str) -> Result<(), UpdateError> {
        let place = self.root.join(parent);
        match entry_at(&place).map_err(UpdateError::io("looking at", &place))? {
            Entry::Missing | Entry::Folder => Ok(()),
            Entry::File(_) if self.leaves(parent)? => Ok(()),
            Entry::Link => Err(UpdateError::LinkInTheWay { path: place }),
            _ => Err(UpdateError::InTheWay { path: place }),
        }
    }

    /// A folder may be replaced by a file if every file in it is removed.
    fn check_folder(&mut self, path: &RelPath) -> Result<(), UpdateError> {
        let mut waiting = vec![(path.below(self.root), path.to_string())];
        while let Some((folder, name)) = waiting.pop() {
            let list = std::fs::read_dir(&folder).map_err(UpdateError::io("listing", &folder))?;
            for entry in list {
                let entry = entry.map_err(UpdateError::io("listing", &folder))?;
                let name = format!("{name}/{}", entry.file_name().to_string_lossy());
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    waiting.push((entry.path(), name));
                } else if !self.leaves(&name)? {
                    return Err(UpdateError::InTheWay { path: path.below(self.root) });
                }
            }
        }
        Ok(())
    }

    /// Whether the commit removes the file at a place. Where case is ignored, the disk and the
    /// installed release may spell it otherwise.
    fn leaves(&mut self, name: &str) -> Result<bool, UpdateError> {
        let Ok(path) = RelPath::from_file_system(name) else {
            return Ok(false);
        };
        if self.leaving.contains(path.as_str()) {
            return Ok(true);
        }
        match self.leaving_keys.get(&path.case_key()) {
            Some(leaving) => self.spellings.are_one(leaving, &path),
            None => Ok(false),
        }
    }
}

/// Which folders of an install folder are links: nothing behind one belongs to the game.
pub(crate) struct Links<'a> {
    root: &'a Path,
    known: HashMap<PathBuf, bool>,
}

impl<'a> Links<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self { root, known: HashMap::new() }
    }

    /// Whether a path is behind a link.
    pub(crate) fn lead_to(&mut self, path: &RelPath) -> bool {
        path.parents().any(|parent| {
            let place = self.root.join(parent);
            let look = |place: &PathBuf| matches!(entry_at(place), Ok(Entry::Link));
            *self.known.entry(place).or_insert_with_key(look)
        })
    }
}
