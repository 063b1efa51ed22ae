//! Why the window could not open.

use std::error::Error;
use std::fmt;

/// Why the window could not open. Nothing in the install folder has been touched.
#[derive(Debug)]
pub enum StartError {
    /// There is no screen to show a window on.
    NoDisplay,
    /// The window system refused.
    Window(tauri::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDisplay => out.write_str(
                "there is no display to open a window on. Nothing was changed. \
                 Start it in a desktop session, or use the `naru` command, which needs none.",
            ),
            Self::Window(cause) => {
                write!(out, "the window could not be opened: {cause}. Nothing was changed.")
            }
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoDisplay => None,
            Self::Window(cause) => Some(cause),
        }
    }
}
