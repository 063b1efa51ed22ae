//! Folders that a person chooses or opens in the system's own way.

use std::path::PathBuf;

use naru_launcher_core::view::{FolderLook, Problem};
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_dialog::DialogExt;

use super::opened;
use crate::labels::MAIN;
use crate::problem::of_system;
use crate::start::Logs;

pub(super) async fn choose_install_folder<R: Runtime>(
    app: &AppHandle<R>,
) -> Result<Option<FolderLook>, Problem> {
    let launcher = opened(app)?;
    let Some(folder) = ask(app).await else {
        return Ok(None);
    };
    let look = spawn_blocking(move || launcher.game().look_at_folder(&folder)).await;
    look.map(Some).map_err(of_system)
}

pub(super) async fn choose_build_folder<R: Runtime>(app: &AppHandle<R>) -> Result<Option<String>, Problem> {
    Ok(ask(app).await.map(|folder| folder.display().to_string()))
}

pub(super) async fn move_install<R: Runtime>(app: &AppHandle<R>, folder: PathBuf) -> Result<(), Problem> {
    opened(app)?.game().move_install(&folder)
}

pub(super) async fn open_install_folder<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    let launcher = opened(app)?;
    launcher.open_outside(launcher.view().game.folder).await.map_err(of_system)
}

pub(super) async fn open_logs<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    let logs = app.state::<Logs>().0.clone();
    opened(app)?.open_outside(&logs).await.map_err(of_system)
}

pub(super) async fn save_support_bundle<R: Runtime>(app: &AppHandle<R>) -> Result<String, Problem> {
    let launcher = opened(app)?;
    let path = spawn_blocking(move || launcher.support_bundle()).await.map_err(of_system)??;
    Ok(path.display().to_string())
}

async fn ask<R: Runtime>(app: &AppHandle<R>) -> Option<PathBuf> {
    let (answer, chosen) = tokio::sync::oneshot::channel();
    let mut dialog = app.dialog().file();
    if let Some(window) = app.get_webview_window(MAIN) {
        dialog = dialog.set_parent(&window);
    }
    dialog.pick_folder(move |folder| {
        // The page may be gone by then.
        let _ = answer.send(folder);
    });
    chosen.await.ok()??.into_path().ok()
}
