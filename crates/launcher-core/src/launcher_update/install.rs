//! Handing a newer launcher to whoever installs it.

use std::fs;

use minisign_verify::PublicKey;
use naru_brand::LauncherUpdates;
use serde_json::Value;

use super::announcement::Announcement;
use super::package::Package;
use super::{UpdateError, signature};
use crate::core::Core;
use crate::view::{JobState, LauncherUpdate, Problem, ProblemCode};

/// A newer launcher whose bytes are what the studio has signed.
#[derive(Debug)]
pub struct VerifiedLauncher {
    /// The package, as it was read and verified: nobody can change it on the disk any more.
    pub bytes: Vec<u8>,
    /// The document that announced it.
    pub announcement: Value,
    /// Where it came from, and by which key it was verified.
    pub updates: LauncherUpdates,
}

impl Package {
    /// Reads all of it; answers the bytes where they are what was signed.
    pub(super) fn verify(&self, announced: &Announcement, key: &PublicKey) -> Result<Vec<u8>, UpdateError> {
        let bytes = fs::read(self.path()).map_err(UpdateError::disk(self.path()))?;
        signature::verify(&bytes, &announced.signature, key, &announced.version)?;
        Ok(bytes)
    }
}

impl Core {
    /// Hands out the newer launcher for being installed, verified at this moment. From here on no work
    /// is begun and no game started, until the launcher ends or [`Core::keep_launcher`] is told. Blocks.
    pub fn take_launcher(&self) -> Result<VerifiedLauncher, Problem> {
        let announced = self.begin_install()?;
        let verified = self.read_launcher(&announced);
        if let Err(problem) = &verified {
            self.change(|state| {
                state.newer_launcher.ready = None;
                state.newer_launcher.shown = LauncherUpdate::Refused { problem: problem.clone() };
            });
        }
        verified
    }

    /// The newer launcher was not installed: it stays on offer.
    pub fn keep_launcher(&self) {
        self.change(|state| {
            let newer = &mut state.newer_launcher;
            if let Some(announced) = &newer.ready {
                newer.shown = LauncherUpdate::Ready { version: announced.version.to_string() };
            }
        });
    }

    fn begin_install(&self) -> Result<Announcement, Problem> {
        self.change(|state| {
            let is_working =
                state.job.as_ref().is_some_and(|slot| matches!(slot.shown.state, JobState::Running { .. }));
            if is_working || state.newer_launcher.is_installing() {
                return Err(Problem::plain(ProblemCode::JobRunning));
            }
            if state.is_playing() {
                return Err(Problem::plain(ProblemCode::GameRunning));
            }
            let newer = &mut state.newer_launcher;
            let Some(announced) = newer.ready.clone() else {
                return Err(Problem::new(ProblemCode::NotFound, "no newer launcher is here"));
            };
            newer.shown = LauncherUpdate::Installing { version: announced.version.to_string() };
            Ok(announced)
        })
    }

    fn read_launcher(&self, announced: &Announcement) -> Result<VerifiedLauncher, Problem> {
        let updates = self.brand.launcher_updates.clone();
        let updates =
            updates.ok_or_else(|| Problem::new(ProblemCode::Config, "launcher_updates is not set"))?;
        let package = Package::place(&self.launcher_packages(), announced)?;
        let verified = package.verify(announced, updates.public_key.key()).inspect_err(|_| package.discard());
        Ok(VerifiedLauncher { bytes: verified?, announcement: announced.document.clone(), updates })
    }
}
