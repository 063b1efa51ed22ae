//! Verifying and repairing: the same comparison as an update, against the installed release.

use naru_protocol::{Digest, RelPath};
use serde::Serialize;

use crate::local_state::{Comparison, Standing};
use crate::pieces::missing_bytes;
use crate::remote::{Content, WantedFile, WantedRelease};

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

pub(crate) fn verification(release: &WantedRelease, comparison: &Comparison) -> Verification {
    let pairs = || release.files.iter().zip(&comparison.standings);
    let player = pairs().filter(|(_, standing)| matches!(standing, Standing::Player { .. }));
    Verification {
        release: release.number,
        files: release.files.len() as u64,
        bytes: release.files.iter().map(|file| file.size).sum(),
        wounds: pairs().filter_map(|(file, standing)| wound(file, standing)).collect(),
        changed_by_player: player.map(|(file, _)| file.path.clone()).collect(),
    }
}

fn wound(file: &WantedFile, standing: &Standing) -> Option<Wound> {
    let (kind, bytes) = match standing {
        Standing::Right { mode_is_right: true, .. } | Standing::Player { .. } | Standing::Preserved => {
            return None;
        }
        Standing::Right { .. } => (WoundKind::Mode, 0),
        Standing::Missing => (WoundKind::Missing, file.size),
        Standing::Foreign | Standing::Blocked => (WoundKind::NotAFile, file.size),
        Standing::Unreadable { .. } | Standing::Unreachable => (WoundKind::Unreadable, file.size),
        Standing::Differs { hash, size } => {
            let kind = if *size == file.size { WoundKind::Damaged } else { WoundKind::WrongSize };
            let pieces = hash.as_ref().map(|hash| hash.pieces.as_slice()).unwrap_or_default();
            (kind, damaged_bytes(file, pieces))
        }
    };
    Some(Wound { path: file.path.clone(), kind, bytes })
}

fn damaged_bytes(file: &WantedFile, found: &[Digest]) -> u64 {
    match &file.content {
        Content::Known(entry) => missing_bytes(entry, found),
        Content::Md5(_) => file.size,
    }
}
