//! Verifying and repairing: the same comparison as an update, against the installed release.

use std::sync::Arc;

use naru_protocol::RelPath;
use serde::Serialize;

use super::compare::{ComparedFile, Comparer, Depth, FileStatus};
use crate::install_folder::{InstalledRelease, Lock};
use crate::{InstallFolder, ProgressSink, UpdateError};

/// A difference between the install folder and its release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wound {
    /// Which file.
    pub path: RelPath,
    /// What is wrong with it.
    pub kind: WoundKind,
    /// Bytes that a repair fetches: the damaged pieces.
    pub bytes: u64,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WoundKind {
    /// It is not there.
    Missing,
    /// It has other bytes.
    Damaged,
    /// It has another length.
    WrongSize,
    /// There is something else than a file of the release.
    NotAFile,
    /// It, or a folder above it, can't be read.
    Unreadable,
    /// Its executable bit is wrong.
    Mode,
}

/// What verifying found.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    /// The installed release.
    pub release: u64,
    /// How many files were compared.
    pub files: u64,
    /// How many bytes they should have.
    pub bytes: u64,
    /// All differences, sorted by path.
    pub wounds: Vec<Wound>,
    /// Config files that the player has changed: no wounds.
    pub changed_by_player: Vec<RelPath>,
}

/// What repairing did.
#[derive(Debug, Clone, Serialize)]
pub struct Repaired {
    /// The installed release.
    pub release: u64,
    /// What was wrong.
    pub wounds: Vec<Wound>,
    /// Bytes that came over the network.
    pub downloaded_bytes: u64,
}

impl InstallFolder {
    /// Reads every byte of the installed release. Changes nothing, except that an interrupted commit
    /// is finished first.
    pub async fn verify(&self, progress: Arc<dyn ProgressSink>) -> Result<Verification, UpdateError> {
        let _lock = Lock::take_to_look(&self.own)?;
        self.finish_commit(&*progress)?;
        let installed = InstalledRelease::read(&self.own)?.ok_or_else(|| self.not_installed())?;
        let wanted = installed.wanted_again();
        let comparer = Comparer {
            own: &self.own,
            wanted: &wanted,
            known: &installed.known,
            depth: Depth::Bytes,
            progress: &*progress,
        };
        Ok(Verification::of(wanted.head.number, &comparer.compare()?.files))
    }
}

impl Verification {
    pub(super) fn of(release: u64, files: &[ComparedFile]) -> Self {
        let player = files.iter().filter(|file| matches!(file.status, FileStatus::Player { .. }));
        Self {
            release,
            files: files.len() as u64,
            bytes: files.iter().map(|file| file.wanted.size()).sum(),
            wounds: files.iter().filter_map(wound).collect(),
            changed_by_player: player.map(|file| file.wanted.path().clone()).collect(),
        }
    }
}

fn wound(ComparedFile { wanted, status, .. }: &ComparedFile) -> Option<Wound> {
    let (kind, bytes) = match status {
        FileStatus::Right { mode_is_right: true, .. } | FileStatus::Player { .. } | FileStatus::Preserved => {
            return None;
        }
        FileStatus::Right { .. } => (WoundKind::Mode, 0),
        FileStatus::Missing => (WoundKind::Missing, wanted.size()),
        FileStatus::Foreign | FileStatus::Blocked => (WoundKind::NotAFile, wanted.size()),
        FileStatus::Unreadable { .. } | FileStatus::Unreachable => (WoundKind::Unreadable, wanted.size()),
        FileStatus::Differs { hash, size } => {
            let kind = if *size == wanted.size() { WoundKind::Damaged } else { WoundKind::WrongSize };
            let pieces = hash.as_ref().map(|hash| hash.pieces.as_slice()).unwrap_or_default();
            (kind, wanted.missing_bytes(pieces))
        }
    };
    Some(Wound { path: wanted.path().clone(), kind, bytes })
}
