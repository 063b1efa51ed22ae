//! What the root of the program has found out about its surroundings.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_launcher_core::{Network, SystemVariables, expand_home};

/// The surroundings. Only `main` fills them.
#[derive(Clone, Default)]
pub struct World {
    /// Environment variables whose names begin with `NARU_`.
    pub variables: BTreeMap<String, String>,
    /// The command line without the program's name.
    pub arguments: Vec<OsString>,
    /// The system's language, as `ko-KR`.
    pub locale: Option<String>,
    /// What the programs find that the launcher starts.
    pub system_variables: SystemVariables,
    /// The user's home, where the system has one.
    pub home: Option<PathBuf>,
    /// The way out, as the environment says.
    pub network: Arc<Network>,
    /// How many files this process may hold open, where there is a limit.
    pub open_files: Option<u64>,
}

impl World {
    /// A variable that says something.
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A folder that a variable names, `~` being the user's home. The page shows it to a player, who
    /// does not know where the program was started.
    pub(crate) fn folder(&self, name: &str) -> std::io::Result<Option<PathBuf>> {
        let Some(written) = self.variable(name) else { return Ok(None) };
        let wrong = |problem: &dyn std::fmt::Display| {
            std::io::Error::new(std::io::ErrorKind::InvalidInput, format!("{name}: {written:?}: {problem}"))
        };
        if written.contains(|letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER) {
            return Err(wrong(&"it has a line break, a control character or bytes that are no text in it"));
        }
        let folder = expand_home(Path::new(written), self.home.as_deref()).map_err(|error| wrong(&error))?;
        std::path::absolute(folder).map(Some)
    }

    /// Whether a flag was given.
    pub(crate) fn has_flag(&self, flag: &str) -> bool {
        self.arguments.iter().any(|argument| argument.as_os_str() == flag)
    }
}
