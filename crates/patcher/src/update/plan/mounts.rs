//! Other file systems inside an install folder: nothing can be renamed from the stage into one.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use naru_protocol::RelPath;

use crate::UpdateError;
use crate::disk::unless_missing;
use crate::install_folder::OwnFolder;

/// A file system as it is mounted. Two mounts of one device are two: the kernel renames within a
/// mount only. Two devices in one mount (subvolumes of btrfs) are two as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mount {
    /// `None` for a file: on an overlay, files have other numbers than the folder that they lie in.
    device: Option<u64>,
    /// `None` where the system does not tell mounts apart.
    number: Option<u64>,
}

impl Mount {
    fn has(self, other: Self) -> bool {
        // What is not known of one of them tells nothing.
        let same = |one: Option<u64>, other: Option<u64>| one.is_none() || other.is_none() || one == other;
        same(self.device, other.device) && same(self.number, other.number)
    }
}

/// Refuses places that no staged file can be renamed to, before anything is changed.
pub(crate) fn check_one_mount<'a>(
    own: &OwnFolder,
    places: impl Iterator<Item = &'a RelPath>,
) -> Result<(), UpdateError> {
    let root = &own.install;
    // The game's folder may be a link, which counts as what it leads to: the link itself may lie on
    // another file system.
    let Some(here) = mount_at(&root.join("."))? else { return Ok(()) };
    // The stage lies in Naru's own folder.
    refuse_other(here, &own.path())?;
    let mut folders = HashSet::new();
    for path in places {
        for parent in path.parents() {
            if folders.insert(parent) {
                refuse_other(here, &root.join(parent))?;
            }
        }
        // A single file can be a mount as well.
        refuse_other(here, &path.below(root))?;
    }
    Ok(())
}

fn refuse_other(here: Mount, place: &Path) -> Result<(), UpdateError> {
    match mount_at(place)? {
        Some(there) if !here.has(there) => Err(UpdateError::OtherMount { path: place.to_path_buf() }),
        _ => Ok(()),
    }
}

/// `None` where there is nothing.
fn mount_at(place: &Path) -> Result<Option<Mount>, UpdateError> {
    let mut found = None;
    unless_missing(read_mount(place).map(|mount| found = mount))
        .map_err(UpdateError::io("looking at", place))?;
    Ok(found)
}

#[cfg(target_os = "linux")]
fn read_mount(place: &Path) -> io::Result<Option<Mount>> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, statx};
    let wanted = StatxFlags::TYPE | StatxFlags::MNT_ID;
    let found = match statx(CWD, place, AtFlags::SYMLINK_NOFOLLOW, wanted) {
        Ok(found) => found,
        // A kernel, or a sandbox, without the call.
        Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => return read_device(place),
        Err(error) => return Err(error.into()),
    };
    let is_folder = u32::from(found.stx_mode) & 0o170_000 == 0o040_000;
    let device = u64::from(found.stx_dev_major) << 32 | u64::from(found.stx_dev_minor);
    let has_number = found.stx_mask & StatxFlags::MNT_ID.bits() != 0;
    Ok(Some(Mount { device: is_folder.then_some(device), number: has_number.then_some(found.stx_mnt_id) }))
}

#[cfg(all(unix, not(target_os = "linux")))]
fn read_mount(place: &Path) -> io::Result<Option<Mount>> {
    read_device(place)
}

#[cfg(unix)]
fn read_device(place: &Path) -> io::Result<Option<Mount>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = std::fs::symlink_metadata(place)?;
    Ok(Some(Mount { device: metadata.is_dir().then(|| metadata.dev()), number: None }))
}

/// Junctions and mounted folders are links here, which a plan refuses anyway.
#[cfg(not(unix))]
fn read_mount(_place: &Path) -> io::Result<Option<Mount>> {
    Ok(None)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_install_folder_behind_a_link_is_where_the_link_leads() {
        let Ok(memory) = tempfile::tempdir_in("/dev/shm") else {
            println!("SKIPPED: there is no /dev/shm");
            return;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let install = folder.path().join("game");
        std::os::unix::fs::symlink(memory.path(), &install).expect("a link");
        let own = OwnFolder::new(&install);
        own.make().expect("a folder");
        let paths = [RelPath::parse("data/new.bin").expect("a path")];
        check_one_mount(&own, paths.iter()).expect("all of the game is on one disk");
    }
}
