//! Playing.

use naru_launcher_core::view::Problem;
use tauri::{AppHandle, Runtime};

use super::Launcher;
use crate::windows::game;

/// Starts the game.
#[tauri::command]
pub async fn play<R: Runtime>(app: AppHandle<R>, core: Launcher<'_>) -> Result<(), Problem> {
    game::start(&app, &core).await
}
