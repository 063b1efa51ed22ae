//! What the program was started with.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use naru_launcher_core::{Environment, SystemVariables};

/// Environment and command line. Only `main` reads them.
#[derive(Clone, Default)]
pub struct Invocation {
    /// The variables, and what this machine lets a process do.
    pub environment: Environment,
    /// The command line without the program's name.
    pub arguments: Vec<OsString>,
    /// The system's language, as `ko-KR`.
    pub locale: Option<String>,
    /// What the programs find that the launcher starts.
    pub system_variables: SystemVariables,
    /// Whether WebDriver drives the window.
    pub is_automated: bool,
}

impl Invocation {
    /// A folder that a variable names, `~` being the user's home. The page shows it to a player, who
    /// does not know where the program was started.
    pub(crate) fn folder(&self, name: &str) -> io::Result<Option<PathBuf>> {
        let Some(written) = self.environment.variable(name) else { return Ok(None) };
        let wrong = |problem: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("{name}: {written:?}: {problem}"))
        };
        if written.contains(|letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER) {
            return Err(wrong(&"it has a line break, a control character or bytes that are no text in it"));
        }
        let folder = self.environment.expand(Path::new(written)).map_err(|error| wrong(&error))?;
        std::path::absolute(folder).map(Some)
    }

    /// Whether a flag was given.
    pub(crate) fn has_flag(&self, flag: &str) -> bool {
        self.arguments.iter().any(|argument| argument.as_os_str() == flag)
    }
}
