//! Looking at the places of all wanted files, and reading those whose stat does not vouch for them.

use std::sync::Arc;

use super::classify::Classifier;
use super::{Comparer, FileStatus, Leaving, Obstacles, PathProbe};
use crate::disk::Entry;
use crate::hash::{FileHash, HashJob, hash_files, threads};
use crate::release::WantedFile;
use crate::{Phase, Total, UpdateError};

/// The place of a wanted file.
pub(super) struct Place<'a> {
    pub(super) wanted: &'a Arc<WantedFile>,
    /// What is there; nothing, as far as is known, where it can't be looked at.
    pub(super) entry: Entry,
    pub(super) bytes: Bytes,
}

/// What is known of the bytes at a place.
#[derive(Debug)]
pub(super) enum Bytes {
    /// They were not read.
    NotRead,
    Hashed(FileHash),
    Unreadable,
    /// The place can't be used; the status says why.
    Barred(FileStatus),
}

impl Place<'_> {
    /// Notes that the place can't be used.
    fn bar(&mut self, reason: UpdateError, first: &mut Option<UpdateError>) {
        self.bytes = Bytes::Barred(match reason {
            UpdateError::LinkInTheWay { .. } | UpdateError::InTheWay { .. } => FileStatus::Blocked,
            _ => FileStatus::Unreachable,
        });
        first.get_or_insert(reason);
    }
}

impl<'a> Comparer<'a> {
    /// Looks at the place of every wanted file, on all processors.
    pub(super) fn look_at_places(&self, obstacle: &mut Option<UpdateError>) -> Vec<Place<'a>> {
        let files = &self.wanted.files;
        let chunk = files.len().div_ceil(threads()).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> =
                files.chunks(chunk).map(|part| scope.spawn(move || self.look_at(part))).collect();
            let mut places = Vec::with_capacity(files.len());
            for part in parts {
                match part.join() {
                    Ok((found, first)) => {
                        places.extend(found);
                        *obstacle = obstacle.take().or(first);
                    }
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            places
        })
    }

    fn look_at(&self, files: &'a [Arc<WantedFile>]) -> (Vec<Place<'a>>, Option<UpdateError>) {
        let root = &self.own.install;
        let mut probe = PathProbe::new(root);
        let mut first = None;
        let look = |wanted: &'a Arc<WantedFile>| {
            let mut place = Place { wanted, entry: Entry::Missing, bytes: Bytes::NotRead };
            match probe.look(wanted.path()) {
                Ok(entry) => place.entry = entry,
                Err(error) => {
                    let reason = UpdateError::io("looking at", &wanted.path().below(root))(error);
                    place.bar(reason, &mut first);
                }
            }
            place
        };
        let places = files.iter().map(look).collect();
        (places, first)
    }

    /// Notes the wanted files whose places can't be used.
    pub(super) fn note_obstacles(
        &self,
        places: &mut [Place<'a>],
        removed: &[Leaving],
        obstacle: &mut Option<UpdateError>,
    ) {
        let mut obstacles = Obstacles::new(&self.own.install, removed.iter().map(|leaving| &leaving.path));
        for place in places.iter_mut().filter(|place| !matches!(place.bytes, Bytes::Barred(_))) {
            if let Err(error) = obstacles.check(place.wanted.path(), &place.entry) {
                place.bar(error, obstacle);
            }
        }
    }

    /// Hashes the files whose stat does not vouch for them.
    pub(super) fn hash_suspects(
        &self,
        places: &mut [Place<'a>],
        classifier: &Classifier<'_>,
    ) -> Result<(), UpdateError> {
        let jobs: Vec<_> = places.iter_mut().filter_map(|place| self.hash_job(place, classifier)).collect();
        if jobs.is_empty() {
            return Ok(());
        }
        let bytes = jobs.iter().map(|job| job.stat.size).sum();
        let total = Total { bytes: Some(bytes), items: Some(jobs.len() as u64) };
        let watcher = self.progress.start(Phase::Verify, total);
        for (job, hash) in hash_files(jobs, &*watcher) {
            *job.target = hash.map_or(Bytes::Unreadable, Bytes::Hashed);
        }
        // What was not read would pass for damaged.
        if watcher.is_stopped() { Err(UpdateError::Stopped) } else { Ok(()) }
    }

    fn hash_job<'b>(
        &self,
        place: &'b mut Place<'a>,
        classifier: &Classifier<'_>,
    ) -> Option<HashJob<&'b mut Bytes>> {
        let stat = place.entry.stat()?;
        if !matches!(place.bytes, Bytes::NotRead) || !classifier.is_suspect(place.wanted, &stat) {
            return None;
        }
        let path = place.wanted.path();
        Some(HashJob {
            place: path.below(&self.own.install),
            path: path.clone(),
            stat,
            target: &mut place.bytes,
        })
    }
}
