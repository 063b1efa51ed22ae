//! The main window: shown, hidden, brought to the front.

use std::sync::Arc;

use naru_launcher_core::Core;
use tauri::{AppHandle, Manager, Runtime, Window, WindowEvent};

use super::MAIN;
use crate::tray::Tray;

/// Gives the window the name that the launcher has in the system's menus.
pub fn entitle<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = window.set_title(&app.package_info().name) {
        tracing::warn!(%error, "the window could not be named");
    }
}

/// Brings the window back from wherever it is.
pub fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}

/// Leaves the launcher in the tray where the player wants that and there is one.
pub fn on_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    if window.label() != MAIN {
        return;
    }
    let app = window.app_handle();
    let stays = app.state::<Arc<Core>>().view().settings.close_to_tray && app.state::<Tray>().is_there;
    if stays && window.hide().is_ok() {
        api.prevent_close();
    } else {
        app.exit(0);
    }
}
