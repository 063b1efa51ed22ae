//! Folders of the game that their owner may not look into.

use std::collections::BTreeSet;
use std::path::Path;

use super::{ComparedFile, FileStatus};

/// Gives the owner back the rights to the folders above files that can't be reached, outermost first;
/// answers whether there were any. A refusal shows when the files are looked at again.
pub(crate) fn open_folders(root: &Path, files: &[ComparedFile]) -> bool {
    let unreachable = files.iter().filter(|file| file.status == FileStatus::Unreachable);
    let folders: BTreeSet<&str> = unreachable.flat_map(|file| file.wanted.path().parents()).collect();
    folders.into_iter().filter(|folder| open_folder(&root.join(folder))).count() > 0
}

#[cfg(unix)]
fn open_folder(place: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const OWNERS: u32 = 0o700;
    let Ok(found) = std::fs::symlink_metadata(place) else {
        return false;
    };
    let mode = found.permissions().mode();
    if !found.is_dir() || mode & OWNERS == OWNERS {
        return false;
    }
    std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode | OWNERS)).is_ok()
}

#[cfg(not(unix))]
fn open_folder(_place: &Path) -> bool {
    false
}
