//! How the game is started.

use naru_protocol::RelPath;
use serde::Deserialize;

/// How the game is started.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Start {
    /// A page that is shown in a window of the launcher.
    Web {
        /// The page, in the install folder.
        entry: RelPath,
    },
    /// A program.
    Native {
        /// The program, in the install folder.
        executable: RelPath,
        /// Arguments that it is always started with.
        #[serde(default)]
        arguments: Vec<String>,
    },
}
