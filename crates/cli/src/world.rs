//! What the process was started with. Only `main` fills it; everything else is handed it.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The surroundings of a command.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Environment variables whose names begin with `NARU_`.
    pub variables: BTreeMap<String, String>,
    /// The current folder.
    pub cwd: PathBuf,
    /// The user's cache folder for Naru, where the system has one.
    pub cache: Option<PathBuf>,
    /// Whether somebody can answer a question.
    pub can_ask: bool,
}
