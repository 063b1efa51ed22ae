//! What the root of the program has found out about its surroundings.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use naru_launcher_core::{Proxies, SystemVariables};

/// The surroundings. Only `main` fills them.
#[derive(Clone, Default)]
pub struct World {
    /// Environment variables whose names begin with `NARU_`.
    pub variables: BTreeMap<String, String>,
    /// The command line without the program's name.
    pub arguments: Vec<String>,
    /// The system's language, as `ko-KR`.
    pub locale: Option<String>,
    /// What the programs find that the launcher starts.
    pub system_variables: SystemVariables,
    /// The proxies that the environment names, and the hosts that need none.
    pub proxies: Option<Arc<Proxies>>,
}

impl World {
    /// A variable that says something.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A folder that a variable names. The page shows it to a player, who does not know where the
    /// program was started.
    pub fn folder(&self, name: &str) -> std::io::Result<Option<PathBuf>> {
        self.variable(name).map(std::path::absolute).transpose()
    }

    /// Whether a flag was given.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.arguments.iter().any(|argument| argument == flag)
    }
}
