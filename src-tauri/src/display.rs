//! Asks for a display before the window system does.

use crate::StartError;

/// Refuses where no window can open: the window library would panic there.
#[cfg(target_os = "linux")]
pub(crate) fn require() -> Result<(), StartError> {
    gtk::init().map_err(|_| StartError::NoDisplay)
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
pub(crate) fn require() -> Result<(), StartError> {
    Ok(())
}
