//! The game's own files, for the window that shows it.

use naru_patcher::GameFileError;
use naru_store::media_type_of;

use super::Game;
use super::state::PlayedGame;

/// A file of the running game.
#[derive(Debug, Clone)]
pub struct GameFile {
    /// Its bytes, which are the release's.
    pub bytes: Vec<u8>,
    /// What a browser takes it for.
    pub media_type: &'static str,
}

impl Game {
    /// Reads a file of the game that runs: one that the ledger knows, with the bytes that it knows.
    /// Everything else is not found, and so is everything while no game runs. Blocks.
    pub fn file(&self, path: &str) -> Result<GameFile, GameFileError> {
        let files = self.installed.state.read(|state| match &state.playing {
            Some(PlayedGame::Ours(files)) => Some(files.clone()),
            Some(PlayedGame::Earlier) | None => None,
        });
        let files = files.ok_or_else(|| GameFileError::Unknown { path: path.to_owned() })?;
        let bytes = files.read(path).inspect_err(|error| tracing::warn!(%error, "file request denied"))?;
        Ok(GameFile { bytes, media_type: media_type_of(path) })
    }
}
