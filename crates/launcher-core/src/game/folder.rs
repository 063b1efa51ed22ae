//! Folders that the game is, or could be, installed in.

use std::path::{Path, PathBuf};

use naru_patcher::free_bytes;

use super::Game;
use super::mover::is_begun;
use crate::settings::Stored;
use crate::view::{FolderLook, Offer};

impl Game {
    /// What the player should know of a folder before he takes it.
    pub fn look_at_folder(&self, folder: &Path) -> FolderLook {
        let here = folder.ancestors().find(|place| place.is_dir());
        let (free_bytes, needed_bytes) = (here.and_then(free_bytes), self.needed_bytes());
        let is_too_small = is_too_small(free_bytes, needed_bytes);
        let has_game = holds_game(folder);
        // What an interrupted move has left there is gone on with.
        let is_empty = is_empty(folder) || is_begun(folder);
        FolderLook {
            path: folder.to_string_lossy().into_owned(),
            free_bytes,
            needed_bytes,
            has_game,
            is_empty,
            is_too_small,
            is_usable: !is_too_small && (has_game || is_empty),
        }
    }

    fn needed_bytes(&self) -> Option<u64> {
        let chosen = self.installed.settings.chosen_channel();
        self.installed.state.read(|state| match (&state.installed.release, state.offer(chosen.as_deref())) {
            (Some(installed), _) => Some(installed.bytes),
            (None, Offer::Available { release }) => Some(release.bytes),
            _ => None,
        })
    }
}

fn is_too_small(free: Option<u64>, needed: Option<u64>) -> bool {
    free.zip(needed).is_some_and(|(free, needed)| free < needed)
}

/// Where the game is: also when the launcher was killed between moving it and saying so.
pub(crate) fn install_folder(default: &Path, settings: &Stored) -> PathBuf {
    let chosen = settings.install_folder.clone().unwrap_or_else(|| default.to_path_buf());
    match &settings.moving {
        Some(moving) if moving.from == chosen && !holds_game(&chosen) && holds_game(&moving.to) => {
            moving.to.clone()
        }
        _ => chosen,
    }
}

/// Whether a game was installed there by this launcher.
pub(super) fn holds_game(folder: &Path) -> bool {
    let own = folder.join(".naru");
    own.join("filedb.db").is_file() || own.join("journal").is_file()
}

/// A folder that is not there yet is empty as well.
pub(super) fn is_empty(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_too_small_only_where_both_figures_are_known() {
        assert!(is_too_small(Some(1), Some(2)), "known and too small");
        assert!(!is_too_small(Some(2), Some(2)));
        assert!(!is_too_small(None, Some(2)), "a system that does not tell forbids nothing");
        assert!(!is_too_small(Some(1), None), "nor does a game whose size is not known yet");
    }
}
