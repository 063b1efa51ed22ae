//! Newer launchers: looked for, fetched beside everything else, verified, and handed to the code that
//! installs them. Nothing unverified leaves this folder.

mod announcement;
mod check;
mod error;
mod install;
mod package;
mod signature;

use std::path::PathBuf;
use std::sync::Arc;

use naru_brand::LauncherUpdates;
use naru_operations::chain;
use naru_patcher::RateLimit;
use naru_store::Network;
use semver::Version;
use tokio::runtime::Handle;

use announcement::Announcement;
use error::SelfUpdateError;
pub use install::{Installation, VerifiedLauncher};

use crate::lease::{Holder, InstallLease};
use crate::state_cell::Slice;
use crate::view::LauncherUpdate;
use check::Failed;

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
pub(crate) struct SelfUpdateState {
    seen: LauncherUpdate,
    is_asking: bool,
    /// Fetched and verified.
    ready: Option<Announcement>,
    /// The signature of a package that was refused: the same one is not fetched again.
    refused: Option<String>,
}

impl SelfUpdateState {
    pub(crate) fn shown(&self) -> LauncherUpdate {
        self.seen.clone()
    }

    pub(crate) fn holder(&self) -> Option<Holder> {
        matches!(self.seen, LauncherUpdate::Installing { .. }).then_some(Holder::SelfUpdate)
    }

    fn end_check(&mut self, found: Result<Option<Announcement>, Failed>) {
        self.seen = match found {
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
            // The player can do nothing about it; the next check continues where this one ended.
            Err(Failed { error, .. }) => {
                tracing::warn!(error = %chain(&*error), "no newer launcher was found");
                LauncherUpdate::None
            }
        };
    }
}

/// Finds, fetches and hands out newer launchers.
pub struct SelfUpdate {
    pub(crate) state: Slice<SelfUpdateState>,
    /// Where newer launchers are announced, and who signs them.
    pub(crate) updates: Option<LauncherUpdates>,
    pub(crate) launcher: Packaged,
    /// The launcher's data folder.
    pub(crate) data: PathBuf,
    pub(crate) network: Arc<Network>,
    pub(crate) rate_limit: RateLimit,
    pub(crate) lease: InstallLease,
    pub(crate) runtime: Handle,
}
