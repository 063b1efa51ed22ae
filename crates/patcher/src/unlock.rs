//! Folders of the game that their owner may not look into.

use std::collections::BTreeSet;
use std::path::Path;

use crate::local_state::{Comparison, Standing};
use crate::remote::WantedRelease;

/// Gives the owner back the rights to the folders above files that can't be reached, outermost first;
/// answers whether there were any. A refusal shows when the files are looked at again.
pub(crate) fn open_folders(root: &Path, release: &WantedRelease, comparison: &Comparison) -> bool {
    let pairs = release.files.iter().zip(&comparison.standings);
    let unreachable = pairs.filter(|(_, standing)| **standing == Standing::Unreachable);
    let folders: BTreeSet<&str> = unreachable.flat_map(|(file, _)| file.path.parents()).collect();
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
