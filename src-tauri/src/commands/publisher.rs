//! The publisher's part.

use naru_launcher_core::view::{Build, Problem, ReleaseRow};

use super::Launcher;

/// Compares the build folder with the live release.
#[tauri::command]
pub async fn compare_build(core: Launcher<'_>) -> Result<Build, Problem> {
    core.compare_build().await
}

/// Publishes what was compared.
#[tauri::command]
pub async fn publish(core: Launcher<'_>, notes: String) -> Result<(), Problem> {
    core.publish(notes)
}

/// The releases of the channel, newest first.
#[tauri::command]
pub async fn releases(core: Launcher<'_>) -> Result<Vec<ReleaseRow>, Problem> {
    core.releases().await
}

/// Publishes an earlier release again.
#[tauri::command]
pub async fn roll_back(core: Launcher<'_>, number: u64) -> Result<(), Problem> {
    core.roll_back(number)
}
