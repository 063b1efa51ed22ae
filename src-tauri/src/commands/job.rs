//! Long work.

use naru_launcher_core::view::{JobKind, Problem};

use super::Launcher;

/// Begins an update, a verification or a repair.
#[tauri::command]
pub async fn begin(core: Launcher<'_>, kind: JobKind) -> Result<(), Problem> {
    core.begin(kind)
}

/// Stops the work for now; what has arrived is kept.
#[tauri::command]
pub async fn pause(core: Launcher<'_>) -> Result<(), Problem> {
    core.pause()
}

/// Goes on with paused work.
#[tauri::command]
pub async fn resume(core: Launcher<'_>) -> Result<(), Problem> {
    core.resume()
}

/// Stops the work for good.
#[tauri::command]
pub async fn cancel(core: Launcher<'_>) -> Result<(), Problem> {
    core.cancel()
}

/// Puts ended work away.
#[tauri::command]
pub async fn dismiss(core: Launcher<'_>) -> Result<(), Problem> {
    core.dismiss()
}
