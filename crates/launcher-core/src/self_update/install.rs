//! Hands a newer launcher to the system's installer.

use std::fmt;

use minisign_verify::PublicKey;
use naru_brand::LauncherUpdates;
use serde_json::Value;

use super::announcement::Announcement;
use super::package::Package;
use super::{SelfUpdate, SelfUpdateError, SelfUpdateState, signature};
use crate::lease::{Holder, Lease};
use crate::state_cell::Slice;
use crate::view::{ErrorCode, LauncherUpdate, Problem};

/// A newer launcher whose bytes are what the studio has signed.
#[derive(Debug)]
pub struct VerifiedLauncher {
    /// The verified package in memory, so that a change on the disk has no effect.
    pub bytes: Vec<u8>,
    /// The document that announced it.
    pub announcement: Value,
    /// Where it came from, and by which key it was verified.
    pub updates: LauncherUpdates,
    /// To be kept until the launcher ends.
    pub installation: Installation,
}

impl Package {
    /// Reads all of it; answers the bytes where they are what was signed.
    pub(super) fn verify(
        &self,
        announced: &Announcement,
        key: &PublicKey,
    ) -> Result<Vec<u8>, SelfUpdateError> {
        let bytes = self.read()?;
        signature::verify(&bytes, &announced.signature, key, &announced.version)?;
        Ok(bytes)
    }
}

/// A newer launcher is being put in place. From here on no work is begun and no game started, until
/// the launcher ends or this is dropped, which says that it was not installed: it stays on offer.
#[must_use = "the installation counts as given up when this is dropped"]
pub struct Installation {
    state: Slice<SelfUpdateState>,
    lease: Option<Lease>,
}

impl fmt::Debug for Installation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Installation")
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let lease = self.lease.take();
        self.state.change(|state| {
            // A watcher of the end may begin something else at once.
            drop(lease);
            if let Some(announced) = &state.ready {
                state.seen = LauncherUpdate::Ready { version: announced.version.to_string() };
            }
        });
    }
}

impl SelfUpdate {
    /// Hands out the newer launcher for being installed, verified at this moment. Blocks.
    pub fn take(&self) -> Result<VerifiedLauncher, Problem> {
        let missing = || Problem::new(ErrorCode::NotFound, "no newer launcher is here");
        let updates = self.updates.clone().ok_or_else(missing)?;
        let lease = self.lease.take(Holder::SelfUpdate)?;
        let announced = self.state.change(|state| {
            let announced = state.ready.clone().ok_or_else(missing)?;
            state.seen = LauncherUpdate::Installing { version: announced.version.to_string() };
            Ok::<_, Problem>(announced)
        })?;
        let installation = Installation { state: self.state.clone(), lease: Some(lease) };
        match self.read(&announced, &updates) {
            Ok(bytes) => {
                Ok(VerifiedLauncher { bytes, announcement: announced.document, updates, installation })
            }
            Err(error) if error.is_of_package() => Err(self.refuse(error.into())),
            // The disk may be read another time.
            Err(error) => Err(error.into()),
        }
    }

    fn refuse(&self, problem: Problem) -> Problem {
        self.state.change(|state| {
            state.ready = None;
            state.seen = LauncherUpdate::Refused { problem: problem.clone() };
        });
        problem
    }

    fn read(&self, announced: &Announcement, updates: &LauncherUpdates) -> Result<Vec<u8>, SelfUpdateError> {
        let package = Package::place(&self.data, announced)?;
        let verified = package.verify(announced, updates.public_key.key());
        if verified.as_ref().is_err_and(SelfUpdateError::is_of_package) {
            package.discard();
        }
        verified
    }
}
