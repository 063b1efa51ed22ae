//! Handing a newer launcher to whoever installs it.

use minisign_verify::PublicKey;
use naru_brand::LauncherUpdates;
use serde_json::Value;

use super::announcement::Announcement;
use super::package::Package;
use super::{UpdateError, signature};
use crate::core::Core;
use crate::jobs::Slot;
use crate::view::{LauncherUpdate, Problem, ProblemCode};

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
        let bytes = self.read()?;
        signature::verify(&bytes, &announced.signature, key, &announced.version)?;
        Ok(bytes)
    }
}

impl Core {
    /// Hands out the newer launcher for being installed, verified at this moment. From here on no work
    /// is begun and no game started, until the launcher ends or [`Core::keep_launcher`] is told. Blocks.
    pub fn take_launcher(&self) -> Result<VerifiedLauncher, Problem> {
        let (announced, updates) = self.begin_install()?;
        match self.read_launcher(&announced, updates) {
            Ok(verified) => Ok(verified),
            Err(error) if error.is_of_package() => Err(self.refuse_launcher(error.into())),
            Err(error) => {
                // The disk may be read another time.
                self.keep_launcher();
                Err(error.into())
            }
        }
    }

    fn refuse_launcher(&self, problem: Problem) -> Problem {
        self.change(|state| {
            state.newer_launcher.ready = None;
            state.newer_launcher.shown = LauncherUpdate::Refused { problem: problem.clone() };
        });
        problem
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

    fn begin_install(&self) -> Result<(Announcement, LauncherUpdates), Problem> {
        let missing = || Problem::new(ProblemCode::NotFound, "no newer launcher is here");
        let updates = self.brand.launcher_updates.clone().ok_or_else(missing)?;
        self.change(|state| {
            if state.job.as_ref().is_some_and(Slot::is_running) || state.newer_launcher.is_installing() {
                return Err(Problem::plain(ProblemCode::JobRunning));
            }
            if state.is_playing() {
                return Err(Problem::plain(ProblemCode::GameRunning));
            }
            let newer = &mut state.newer_launcher;
            let announced = newer.ready.clone().ok_or_else(missing)?;
            newer.shown = LauncherUpdate::Installing { version: announced.version.to_string() };
            Ok((announced, updates))
        })
    }

    fn read_launcher(
        &self,
        announced: &Announcement,
        updates: LauncherUpdates,
    ) -> Result<VerifiedLauncher, UpdateError> {
        let package = Package::place(&self.places.data, announced)?;
        let verified = package.verify(announced, updates.public_key.key());
        if verified.as_ref().is_err_and(UpdateError::is_of_package) {
            package.discard();
        }
        Ok(VerifiedLauncher { bytes: verified?, announcement: announced.document.clone(), updates })
    }
}
