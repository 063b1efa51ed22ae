//! Why the window could not open.

use naru_launcher_core::{BrandError, VariableError};

/// Why the window could not open. Nothing in the install folder has been touched.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no screen to show a window on.
    #[error(
        "there is no display to open a window on. Nothing was changed. \
         Start it in a desktop session, or use the `naru` command, which needs none."
    )]
    NoDisplay,
    /// The window system refused.
    #[error("the window could not be opened: {0}. Nothing was changed.")]
    Window(#[source] tauri::Error),
    /// The launcher's own folder can't be used.
    #[error("the launcher's data folder can't be used: {0}. Nothing was changed.")]
    Folder(#[source] std::io::Error),
    /// The brand, or an address in the environment, is wrong.
    #[error("{0}. Nothing was changed.")]
    Brand(#[source] BrandError),
    /// A variable of the environment is not what it can be.
    #[error("environment variable {0}. Nothing was changed.")]
    Variable(#[source] VariableError),
}
