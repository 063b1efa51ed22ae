//! A folder that the game could be installed in.

use std::path::Path;

use naru_patcher::free_bytes;

use super::mover::is_begun;
use crate::core::Core;
use crate::view::{FolderLook, Offer};

impl Core {
    /// What the player should know of a folder before he takes it.
    pub fn look_at_folder(&self, folder: &Path) -> FolderLook {
        let here = folder.ancestors().find(|place| place.is_dir());
        FolderLook {
            path: folder.to_string_lossy().into_owned(),
            free_bytes: here.and_then(free_bytes),
            needed_bytes: self.game_bytes(),
            has_game: holds_game(folder),
            // What an interrupted move has left there is gone on with.
            is_empty: is_empty(folder) || is_begun(folder),
        }
    }

    fn game_bytes(&self) -> Option<u64> {
        let game = self.view().game;
        match (game.installed, game.offer) {
            (Some(installed), _) => Some(installed.bytes),
            (None, Offer::Available { release }) => Some(release.bytes),
            _ => None,
        }
    }
}

/// Whether a game was installed there by this launcher.
pub(crate) fn holds_game(folder: &Path) -> bool {
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
