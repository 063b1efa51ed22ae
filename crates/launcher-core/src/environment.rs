//! What the root of the program knows of its environment. The launcher is handed it and looks nowhere
//! else.

use std::path::PathBuf;
use std::sync::Arc;

use aws_config::SdkConfig;
use naru_operations::Environment;
use tokio::runtime::Handle;

use crate::clock::Clock;
use crate::self_update::Packaged;
use crate::system_variables::SystemVariables;
use crate::view::Language;

/// Where the launcher keeps things.
#[derive(Debug, Clone)]
pub struct Folders {
    /// The launcher's own files: `settings.json`, support bundles.
    pub data: PathBuf,
    /// Its log files.
    pub logs: PathBuf,
    /// Where the game is installed when the player has chosen nothing.
    pub default_install: PathBuf,
}

/// What the program was started in.
#[derive(Clone)]
pub struct LauncherEnvironment {
    /// What the engine needs: network, cache, open files.
    pub process: Environment,
    /// Where the launcher keeps things.
    pub folders: Folders,
    /// Where work goes on.
    pub runtime: Handle,
    /// The language of the system.
    pub system_language: Language,
    /// Where the game is installed, whatever the settings say.
    pub install_folder: Option<PathBuf>,
    /// Whether the publisher's part was asked for.
    pub admin: bool,
    /// What the programs find that it starts.
    pub system_variables: SystemVariables,
    /// Which launcher this is.
    pub launcher: Packaged,
    /// The publisher's credentials and endpoints; without them, those of the standard AWS chain.
    pub aws: Option<SdkConfig>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}
