//! What the player chooses.

use naru_launcher_core::view::{Problem, SettingsChange};
use tauri::{AppHandle, Runtime};
use tauri_plugin_autostart::ManagerExt;

use super::opened;
use crate::problem::of_system;

pub(super) async fn change_settings<R: Runtime>(
    app: &AppHandle<R>,
    change: SettingsChange,
) -> Result<(), Problem> {
    let launcher = opened(app)?;
    if let SettingsChange::StartWithSystem(wanted) = change {
        start_with_system(app, wanted)?;
    }
    launcher.settings().change(change)
}

fn start_with_system<R: Runtime>(app: &AppHandle<R>, wanted: bool) -> Result<(), Problem> {
    let entry = app.autolaunch();
    let done = if wanted { entry.enable() } else { entry.disable() };
    match done {
        // There was no entry to take away.
        Err(_) if !wanted && !entry.is_enabled().unwrap_or(true) => Ok(()),
        done => done.map_err(of_system),
    }
}
