//! The game's own files, for the window that shows it.

use naru_patcher::GameFileError;
use naru_store::media_type_of;

use crate::core::Core;

/// A file of the running game.
#[derive(Debug, Clone)]
pub struct GameFile {
    /// Its bytes, which are the release's.
    pub bytes: Vec<u8>,
    /// What a browser takes it for.
    pub media_type: &'static str,
}

impl Core {
    /// Reads a file of the game that runs: one that the ledger knows, with the bytes that it knows.
    /// Everything else is not found, and so is everything while no game runs. Blocks.
    pub fn game_file(&self, path: &str) -> Result<GameFile, GameFileError> {
        let unknown = || GameFileError::Unknown { path: path.to_owned() };
        let files = self.read(|state| state.playing.clone()).ok_or_else(unknown)?;
        let bytes = files.read(path).inspect_err(|error| tracing::warn!(%error, "the game asks in vain"))?;
        Ok(GameFile { bytes, media_type: media_type_of(path) })
    }
}
