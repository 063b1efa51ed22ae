//! Folders that a person chooses or opens in the system's own way.

use std::path::PathBuf;
use std::sync::Arc;

use naru_launcher_core::view::{FolderLook, Problem};
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, Manager, Runtime, State};
use tauri_plugin_dialog::DialogExt;

use super::Launcher;
use crate::problem::of_system;
use crate::start::Logs;
use crate::windows::MAIN;

/// Asks where the game should be.
#[tauri::command]
pub async fn choose_install_folder<R: Runtime>(
    app: AppHandle<R>,
    core: Launcher<'_>,
) -> Result<Option<FolderLook>, Problem> {
    let Some(folder) = ask(&app).await else {
        return Ok(None);
    };
    let core = Arc::clone(&core);
    let look = spawn_blocking(move || core.look_at_folder(&folder)).await;
    look.map(Some).map_err(of_system)
}

/// Asks which folder is to be published.
#[tauri::command]
pub async fn choose_build_folder<R: Runtime>(app: AppHandle<R>) -> Result<Option<String>, Problem> {
    Ok(ask(&app).await.map(|folder| folder.display().to_string()))
}

/// Moves the game, or installs it there from now on.
#[tauri::command]
pub async fn move_install(core: Launcher<'_>, folder: PathBuf) -> Result<(), Problem> {
    core.move_install(&folder)
}

/// Shows the installed game's folder.
#[tauri::command]
pub async fn open_install_folder(core: Launcher<'_>) -> Result<(), Problem> {
    core.open_outside(core.view().game.folder).await.map_err(of_system)
}

/// Shows the folder of the logs.
#[tauri::command]
pub async fn open_logs(core: Launcher<'_>, logs: State<'_, Logs>) -> Result<(), Problem> {
    core.open_outside(&logs.0).await.map_err(of_system)
}

/// Writes what support needs into one file, without secrets; answers where it is.
#[tauri::command]
pub async fn save_support_bundle(core: Launcher<'_>) -> Result<String, Problem> {
    let core = Arc::clone(&core);
    let path = spawn_blocking(move || core.support_bundle()).await.map_err(of_system)??;
    Ok(path.display().to_string())
}

async fn ask<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    let mut dialog = app.dialog().file();
    if let Some(window) = app.get_webview_window(MAIN) {
        dialog = dialog.set_parent(&window);
    }
    dialog.pick_folder(move |folder| {
        // Nobody waits any more when the page has gone.
        let _ = answer.send(folder);
    });
    chosen.await.ok()??.into_path().ok()
}
