//! The icon in the system's tray, and what a closed window leaves behind there.

use std::sync::Arc;

use naru_launcher_core::Launcher;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Runtime, Window, WindowEvent};

use crate::labels::MAIN;
use crate::windows::main;
use crate::words::Words;

const SHOW: &str = "show";
const QUIT: &str = "quit";

/// Whether the system has given the icon a place.
pub(crate) struct Tray {
    /// Without it, a hidden window could not be brought back.
    pub(crate) is_there: bool,
}

/// Adds the icon where the system has a tray.
pub(crate) fn add<R: Runtime>(app: &AppHandle<R>, words: &Words) {
    let is_there =
        has_library() && build(app, words).inspect_err(|error| tracing::warn!(%error, "no tray")).is_ok();
    app.manage(Tray { is_there });
}

fn build<R: Runtime>(app: &AppHandle<R>, words: &Words) -> tauri::Result<()> {
    let show = MenuItem::with_id(app, SHOW, words.show, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words.quit, true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&show, &quit])?;
    let mut tray = TrayIconBuilder::new()
        .menu(&menu)
        .show_menu_on_left_click(false)
        .tooltip(&app.package_info().name)
        .on_menu_event(|app, event| chosen(app, event.id.as_ref()))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, .. } = event {
                main::show(tray.app_handle());
            }
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app).map(drop)
}

fn chosen<R: Runtime>(app: &AppHandle<R>, item: &str) {
    match item {
        SHOW => main::show(app),
        QUIT => app.exit(0),
        _ => {}
    }
}

/// Leaves the launcher in the tray where the player wants that and there is one.
pub(crate) fn on_window_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    if window.label() != MAIN {
        return;
    }
    let app = window.app_handle();
    // A window that is closed at once has neither yet.
    let may_stay =
        app.try_state::<Arc<Launcher>>().is_some_and(|launcher| launcher.view().settings.close_to_tray);
    let stays = may_stay && app.try_state::<Tray>().is_some_and(|tray| tray.is_there);
    if stays && window.hide().is_ok() {
        api.prevent_close();
    } else {
        app.exit(0);
    }
}

/// The tray's library panics where the system does not have it.
#[cfg(target_os = "linux")]
fn has_library() -> bool {
    const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    const FOLDERS: [&str; 6] = [
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64",
        "/usr/lib",
        "/lib64",
        "/usr/local/lib",
    ];
    FOLDERS.iter().any(|folder| NAMES.iter().any(|name| std::path::Path::new(folder).join(name).exists()))
}

#[cfg(not(target_os = "linux"))]
fn has_library() -> bool {
    true
}
