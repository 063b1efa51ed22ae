//! Newer launchers: looked for, fetched beside everything else, verified, and handed to whoever
//! installs them. Nothing unverified leaves this folder.

mod announcement;
mod error;
mod install;
mod look;
mod package;
mod signature;

use semver::Version;

use announcement::Announcement;
use error::UpdateError;
pub use install::VerifiedLauncher;
use look::Failed;

use crate::view::LauncherUpdate;

/// A package has some fifteen megabytes; a server without an end would fill the disk.
const MOST_BYTES: u64 = 256 << 20;

/// And the document that announces it a few hundred bytes.
const MOST_DOCUMENT_BYTES: usize = 64 << 10;

/// The launcher that runs.
#[derive(Debug, Clone)]
pub struct Packaged {
    /// Its version.
    pub version: Version,
    /// What its kind of package is called in `latest.json`, as `linux-x86_64-deb`; nothing where it was
    /// not installed from a package, and can't be replaced by one.
    pub target: Option<String>,
}

/// What is known of a newer launcher.
#[derive(Default)]
pub(crate) struct Newer {
    pub(crate) shown: LauncherUpdate,
    is_asking: bool,
    /// Fetched and verified.
    ready: Option<Announcement>,
    /// The signature of a package that was refused: the same one is not fetched again.
    refused: Option<String>,
}

impl Newer {
    /// Whether it is being put in place right now.
    pub(crate) fn is_installing(&self) -> bool {
        matches!(self.shown, LauncherUpdate::Installing { .. })
    }

    fn end(&mut self, found: Result<Option<Announcement>, Failed>) {
        self.shown = match found {
            Ok(Some(announced)) => {
                let version = announced.version.to_string();
                self.ready = Some(announced);
                LauncherUpdate::Ready { version }
            }
            Ok(None) => LauncherUpdate::None,
            Err(Failed { error, signature }) if error.is_of_package() => {
                tracing::error!(%error, "a newer launcher was refused");
                self.refused = signature;
                LauncherUpdate::Refused { problem: (*error).into() }
            }
            // The player can do nothing about it; the next look goes on where this one ended.
            Err(Failed { error, .. }) => {
                tracing::warn!(error = %crate::problem::chain(&*error), "no newer launcher was found");
                LauncherUpdate::None
            }
        };
    }
}
