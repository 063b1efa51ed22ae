//! Pages and folders that open in the player's own programs.

use std::ffi::OsStr;
use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

use crate::system_variables::SystemVariables;

/// A program that can't open something says so within this time.
const AT_ONCE: Duration = Duration::from_millis(250);

/// Opens a page in the browser or a folder in the file manager. They outlive the launcher and hand
/// their environment on, so they get the system's alone.
pub(crate) async fn open(target: impl AsRef<OsStr>, variables: &SystemVariables) -> io::Result<()> {
    let mut refused = io::Error::from(io::ErrorKind::NotFound);
    for mut command in ::open::commands(target) {
        variables.hand_to(&mut command);
        match start(command.into()).await {
            Ok(()) => return Ok(()),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

async fn start(mut command: Command) -> io::Result<()> {
    #[cfg(unix)]
    command.process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    match timeout(AT_ONCE, child.wait()).await {
        // Explorer fails in words only: it has opened the folder.
        Ok(Ok(ended)) if !ended.success() && !cfg!(windows) => Err(io::Error::other(ended.to_string())),
        _ => Ok(()),
    }
}
