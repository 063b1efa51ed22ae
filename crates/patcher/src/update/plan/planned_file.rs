//! What an update does with one file of the release.

use std::sync::Arc;

use naru_protocol::{FileEntry, RelPath};

use crate::disk::{Entry, Seen};
use crate::install_folder::Install;
use crate::release::WantedFile;
use crate::update::stage::StageJob;

/// One file of the release, and what is done with it.
#[derive(Debug)]
pub(crate) struct PlannedFile {
    pub(crate) wanted: Arc<WantedFile>,
    pub(crate) step: Step,
    /// Whether the player's own bytes stay at its place.
    pub(crate) kept: bool,
    /// Whether the row in the ledger says the same already.
    pub(crate) recorded: bool,
    /// What was verified at its place, if it stays there.
    pub(crate) seen: Option<Seen>,
    /// What the manifest of the installed release says of the same bytes, where the release itself has
    /// no manifest.
    pub(crate) known_entry: Option<Box<FileEntry>>,
}

/// What is done with a file.
#[derive(Debug)]
pub(crate) enum Step {
    /// Nothing.
    Stay,
    /// Its executable bit is set or cleared.
    SetMode { before: Entry },
    /// The release's bytes go to its place.
    Place(Placement),
    /// The player's file stays, and the release's bytes go beside it.
    Beside(Box<Beside>),
}

/// A staged file on its way to a place.
#[derive(Debug)]
pub(crate) struct Placement {
    pub(crate) job: Arc<StageJob>,
    /// What was at the place when the plan was made.
    pub(crate) before: Entry,
    /// The file there that may be replaced; anything else is moved aside.
    pub(crate) replaces: Option<Seen>,
}

/// Where the release's version of a file goes that the player has changed.
#[derive(Debug)]
pub(crate) enum Beside {
    /// All names are taken.
    Nowhere,
    /// Its bytes are in place already.
    IsThere(RelPath),
    Placed(RelPath, Placement),
}

impl PlannedFile {
    /// The staged file that comes of it, and where that goes.
    pub(crate) fn placed(&self) -> Option<(&RelPath, &Placement)> {
        match &self.step {
            Step::Place(placement) => Some((self.wanted.path(), placement)),
            Step::Beside(beside) => match &**beside {
                Beside::Placed(path, placement) => Some((path, placement)),
                Beside::IsThere(_) | Beside::Nowhere => None,
            },
            Step::Stay | Step::SetMode { .. } => None,
        }
    }

    /// Where the release's version is, for a file that the player has changed as well.
    pub(crate) fn beside(&self) -> Option<&Beside> {
        match &self.step {
            Step::Beside(beside) => Some(beside),
            _ => None,
        }
    }

    pub(crate) fn sets_mode(&self) -> bool {
        matches!(self.step, Step::SetMode { .. })
    }
}

impl Beside {
    pub(crate) fn path(&self) -> Option<&RelPath> {
        match self {
            Self::IsThere(path) | Self::Placed(path, _) => Some(path),
            Self::Nowhere => None,
        }
    }
}

impl Placement {
    /// The step as the journal has it.
    pub(crate) fn install(&self, path: &RelPath) -> Install {
        Install { staged: self.job.name.clone(), path: path.clone(), replaces: self.replaces }
    }
}
