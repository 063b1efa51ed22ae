//! Whether the file system of an install folder keeps the executable bit.
//!
//! exFAT, NTFS, FAT and many FUSE and network mounts show one mode for every file; some refuse
//! `chmod`, others accept it and change nothing. A bit that can't be kept is not a difference.

#[cfg(unix)]
use std::{io, path::Path};

use super::OwnFolder;
#[cfg(unix)]
use crate::disk::{Entry, entry_at, executable_bit_stays};

/// Whether files of the install folder can be made executable, and no longer executable.
#[cfg(unix)]
pub(crate) fn holds_modes(own: &OwnFolder) -> bool {
    // The name of a file system says little: the same one is mounted with and without modes.
    probe(own).unwrap_or_else(|_| !is_shown_executable(&own.ledger()))
}

#[cfg(not(unix))]
pub(crate) fn holds_modes(_own: &OwnFolder) -> bool {
    false
}

/// Makes a file and looks at what becomes of its bit.
#[cfg(unix)]
fn probe(own: &OwnFolder) -> io::Result<bool> {
    let folder = own.find().ok().flatten().ok_or(io::ErrorKind::NotFound)?;
    // An earlier probe was killed before it removed its file.
    if matches!(folder.look(PROBE)?, Entry::File(_)) {
        folder.remove(PROBE)?;
    }
    let file = folder.create_new(PROBE)?;
    let holds = executable_bit_stays(&file);
    drop(file);
    folder.remove(PROBE)?;
    holds
}

/// The file that is made to find out what the file system holds, and removed at once.
pub(crate) const PROBE: &str = "probe";

/// Where nothing can be written, the ledger tells: it is never made executable, so a file system
/// that shows it as executable shows every file so.
#[cfg(unix)]
fn is_shown_executable(ledger: &Path) -> bool {
    let entry = entry_at(ledger);
    entry.is_ok_and(|entry| entry.stat().is_some_and(|stat| stat.executable))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_probe_leaves_nothing_and_outlives_a_killed_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::new(folder.path());
        std::fs::create_dir(own.path()).expect("a folder");
        std::fs::write(own.path().join(PROBE), "").expect("what a killed probe leaves");
        assert!(holds_modes(&own), "the file systems that this is built on hold modes");
        assert_eq!(std::fs::read_dir(own.path()).expect("listed").count(), 0, "nothing is left");
    }

    #[test]
    fn without_a_probe_an_executable_ledger_tells() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = OwnFolder::new(folder.path());
        std::fs::create_dir(own.path()).expect("a folder");
        std::fs::write(own.ledger(), "").expect("a ledger");
        // A folder at the probe's place: it can be neither removed as a file nor made anew.
        std::fs::create_dir(own.path().join(PROBE)).expect("a folder");
        assert!(holds_modes(&own), "a ledger that is shown as it was made speaks for the file system");
        let mode = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(own.ledger(), mode).expect("changed");
        assert!(!holds_modes(&own), "exFAT shows 0777 for every file");
    }
}
