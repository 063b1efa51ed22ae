//! The journal: what a commit does, written before it begins, so that it can be finished after a
//! crash. It is the point of no return.

use naru_protocol::RelPath;
use serde::{Deserialize, Serialize};

use crate::disk::Seen;
use crate::ledger::{Installed, RowUpdate};
use crate::prepare::ReadyFolder;
use crate::staged_name::StagedName;

/// Everything that a commit does; each step may be done again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Journal {
    pub(crate) format: u32,
    pub(crate) installed: Installed,
    pub(crate) deletes: Vec<Delete>,
    pub(crate) installs: Vec<Install>,
    pub(crate) modes: Vec<(RelPath, bool)>,
    pub(crate) rows: Vec<RowUpdate>,
    pub(crate) gone: Vec<RelPath>,
    /// Folders that are ready to take the place of a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) folders: Vec<ReadyFolder>,
    /// Whether the new ledger lies ready. Where it does not, the commit writes the rows itself, as all
    /// did before.
    #[serde(default)]
    pub(crate) has_new_ledger: bool,
    /// Whether the old ledger was found to be damaged.
    #[serde(default)]
    pub(crate) has_broken_ledger: bool,
}

/// A staged file and its place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Install {
    pub(crate) staged: StagedName,
    pub(crate) path: RelPath,
    /// The file of ours that it replaces. Anything else at the place is moved aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<Seen>,
}

/// A file that goes, as it was seen. With other bytes it is the player's by now, and stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Delete {
    pub(crate) path: RelPath,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seen: Option<Seen>,
}
