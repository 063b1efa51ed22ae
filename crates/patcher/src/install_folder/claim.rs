//! Replaces the lock on file systems without locks, such as some network file systems.
//!
//! A file whose name says who works on the folder: the running system, the process and its start. It
//! is made first, and then the others are looked for, so of two that begin at once at least one sees
//! the other. Whose process is gone counts no more. Of a process on another computer nothing can be
//! known here, so its file is named and stays.

use std::ffi::OsStr;

use super::OwnFolder;
use crate::UpdateError;
use crate::folder::Folder;

/// Begins the name of each such file.
const PREFIX: &str = "claim-";

/// Held until it is dropped; a killed process leaves it, and the next one removes it.
#[derive(Debug)]
pub(crate) struct Claim {
    folder: Folder,
    name: String,
}

impl Drop for Claim {
    fn drop(&mut self) {
        // A file that stays is one of a process that is gone.
        let _stays = self.folder.remove(&self.name);
    }
}

impl Claim {
    /// Claims the folder for this process; `None` if processes can't be told apart.
    pub(crate) fn take(own: &OwnFolder) -> Result<Option<Self>, UpdateError> {
        let Some(this) = Claimant::this() else {
            return Ok(None);
        };
        let (folder, name) = (own.make()?, this.name());
        match folder.create_new(&name) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(UpdateError::Busy { path: own.install.clone() });
            }
            Err(error) => return Err(UpdateError::io("making", &folder.place_of(&name))(error)),
        }
        let claim = Self { folder, name };
        look_for_others(own, &claim.folder, &this)?;
        Ok(Some(claim))
    }

    /// Refuses a folder that another process has taken.
    pub(crate) fn check_free(own: &OwnFolder) -> Result<(), UpdateError> {
        match (Claimant::this(), own.find()?) {
            (Some(this), Some(folder)) => look_for_others(own, &folder, &this),
            _ => Ok(()),
        }
    }
}

fn look_for_others(own: &OwnFolder, folder: &Folder, this: &Claimant) -> Result<(), UpdateError> {
    let names = folder.names().map_err(UpdateError::io("listing", folder.path()))?;
    for other in names.iter().filter_map(|name| Claimant::parse(name)).filter(|other| other != this) {
        let path = folder.place_of(other.name());
        if other.system != this.system {
            return Err(UpdateError::ClaimedElsewhere { path });
        }
        if other.is_running() {
            return Err(UpdateError::Busy { path: own.install.clone() });
        }
        // A dry run may not be able to, and need not.
        let _stays = folder.remove(other.name());
    }
    Ok(())
}

/// A process, so that no other one is taken for it.
#[derive(Debug, PartialEq, Eq)]
struct Claimant {
    /// The boot of the running system and its process namespace, which differs between containers.
    system: String,
    process: u32,
    /// Process numbers are given again.
    started: u64,
}

impl Claimant {
    fn this() -> Option<Self> {
        let process = std::process::id();
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let processes = std::fs::read_link("/proc/self/ns/pid").ok()?;
        let system = blake3::hash(format!("{boot}{}", processes.display()).as_bytes());
        let system = system.to_hex().as_str()[..SYSTEM].to_owned();
        Some(Self { system, process, started: start_of(process)? })
    }

    fn parse(name: &OsStr) -> Option<Self> {
        let mut parts = name.to_str()?.strip_prefix(PREFIX)?.split('-');
        let system = parts.next()?.to_owned();
        let found =
            Self { system, process: parts.next()?.parse().ok()?, started: parts.next()?.parse().ok()? };
        (found.system.len() == SYSTEM && name.to_str()? == found.name()).then_some(found)
    }

    fn name(&self) -> String {
        format!("{PREFIX}{}-{}-{}", self.system, self.process, self.started)
    }

    fn is_running(&self) -> bool {
        start_of(self.process) == Some(self.started)
    }
}

/// Letters of a system's name.
const SYSTEM: usize = 16;

/// When a process of this system began, in clock ticks since its start.
fn start_of(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The program's name, in brackets, may hold anything; the start is field 22, the name field 2.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_and_no_dead_one_holds_the_folder() {
        let install = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::new(install.path());
        let claim = Claim::take(&own).expect("free").expect("a process can be told here");
        let refused = Claim::take(&own).expect_err("it is held");
        assert!(matches!(refused, UpdateError::Busy { .. }), "{refused:?}");
        drop(claim);
        let this = Claimant::this().expect("this process");
        let dead = Claimant { started: this.started + 1, ..this };
        std::fs::write(own.path().join(dead.name()), b"").expect("a file");
        let claim = Claim::take(&own).expect("no process of that start runs");
        assert!(!own.path().join(dead.name()).exists(), "it is in nobody's way any more");
        drop(claim);
        Claim::check_free(&own).expect("nobody holds it");
    }

    #[test]
    fn a_claim_from_another_system_is_named_and_stays() {
        let install = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::new(install.path());
        own.make().expect("a folder");
        let other = own.path().join("claim-0123456789abcdef-1-1");
        std::fs::write(&other, b"").expect("a file");
        for refused in [Claim::take(&own).map(drop), Claim::check_free(&own)] {
            let refused = refused.expect_err("nobody here knows whether it still runs");
            assert!(
                matches!(&refused, UpdateError::ClaimedElsewhere { path } if *path == other),
                "{refused:?}"
            );
        }
        assert_eq!(std::fs::read_dir(own.path()).expect("listed").count(), 1, "its own claim is given back");
    }
}
