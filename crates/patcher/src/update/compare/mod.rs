//! Comparing an install folder with a release: what is right, what is missing, what is the player's.

mod classify;
mod leftovers;
mod obstacles;
mod path_probe;
mod places;
mod spelling;
mod unlock;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use naru_protocol::RelPath;

use self::classify::Classifier;
pub(crate) use self::classify::FileStatus;
pub(crate) use self::leftovers::Leaving;
pub(crate) use self::obstacles::Obstacles;
pub(crate) use self::path_probe::PathProbe;
use self::spelling::Spellings;
pub(crate) use self::unlock::open_folders;
use crate::disk::Entry;
use crate::install_folder::{Known, OwnFolder, holds_modes};
use crate::release::{WantedFile, WantedRelease};
use crate::{ProgressSink, UpdateError};

/// A wanted file and what is in its place.
#[derive(Debug)]
pub(crate) struct ComparedFile {
    pub(crate) wanted: Arc<WantedFile>,
    pub(crate) status: FileStatus,
    pub(crate) entry: Entry,
}

/// A whole comparison.
#[derive(Debug)]
pub(crate) struct Comparison {
    /// All wanted files, in the release's order.
    pub(crate) files: Vec<ComparedFile>,
    /// Files of the older release that are to be removed.
    pub(crate) removed: Vec<Leaving>,
    /// Paths that the ledger forgets although a file stays there.
    pub(crate) forgotten: Vec<RelPath>,
    /// The first obstacle in the way of a wanted file.
    obstacle: Option<UpdateError>,
}

impl Comparison {
    /// Refuses a comparison that can't become a plan.
    pub(crate) fn unobstructed(mut self) -> Result<Self, UpdateError> {
        self.obstacle.take().map_or(Ok(self), Err)
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
    pub(crate) own: &'a OwnFolder,
    pub(crate) wanted: &'a WantedRelease,
    pub(crate) known: &'a Known,
    pub(crate) depth: Depth,
    pub(crate) progress: &'a dyn ProgressSink,
}

impl Comparer<'_> {
    pub(crate) fn compare(&self) -> Result<Comparison, UpdateError> {
        let head = &self.wanted.head;
        let classifier = Classifier::new(&self.own.install, self.known, self.depth, head)?;
        let mut obstacle = None;
        let mut places = self.look_at_places(&mut obstacle);
        let paths: HashSet<&RelPath> = self.wanted.files.iter().map(|file| file.path()).collect();
        let (removed, forgotten) = self.leftovers(&paths, &mut obstacle)?;
        // Found before anything is fetched, so that no download is wasted.
        self.note_obstacles(&mut places, &removed, &mut obstacle);
        self.hash_suspects(&mut places, &classifier)?;
        let mut files: Vec<_> = places.into_iter().map(|place| classifier.compared(place)).collect();
        self.part_from_old_names(&removed, &mut files)?;
        self.accept_unheld_modes(&mut files);
        Ok(Comparison { files, removed, forgotten, obstacle })
    }

    /// Where a name has changed in its case only, a file system that ignores case shows the old file
    /// under the new name, and removing the old name would remove what looked right.
    fn part_from_old_names(
        &self,
        removed: &[Leaving],
        files: &mut [ComparedFile],
    ) -> Result<(), UpdateError> {
        let leaving: HashMap<Cow<'_, str>, &RelPath> =
            removed.iter().map(|leaving| (leaving.path.case_key(), &leaving.path)).collect();
        if leaving.is_empty() {
            return Ok(());
        }
        let mut spellings = Spellings::new(&self.own.install);
        for file in files.iter_mut().filter(|file| file.entry.stat().is_some()) {
            let path = file.wanted.path();
            if let Some(old) = leaving.get(&path.case_key())
                && spellings.are_one(old, path)?
            {
                file.status = FileStatus::Missing;
            }
        }
        Ok(())
    }

    /// An executable bit that the file system can't keep is not a difference: no update and no repair
    /// could ever end it.
    fn accept_unheld_modes(&self, files: &mut [ComparedFile]) {
        let mut wrong: Vec<&mut bool> = files.iter_mut().filter_map(wrong_mode).collect();
        if !wrong.is_empty() && !holds_modes(self.own) {
            wrong.iter_mut().for_each(|is_right| **is_right = true);
        }
    }
}

fn wrong_mode(file: &mut ComparedFile) -> Option<&mut bool> {
    match &mut file.status {
        FileStatus::Right { mode_is_right, .. } if !*mode_is_right => Some(mode_is_right),
        _ => None,
    }
}
