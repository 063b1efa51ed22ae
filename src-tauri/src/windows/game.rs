//! The game's own window. It reaches the installed files and the score service, and nothing else.

use std::sync::{Arc, Mutex, PoisonError};

use naru_launcher_core::view::{self, Language, Problem};
use naru_launcher_core::{Launcher, Playing, Start};
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use url::Url;

use crate::game_protocol::{self, SERVICES};
use crate::labels::{GAME, MAIN};
use crate::problem::of_system;

/// Starts the game, or brings the one that runs to the front.
pub(crate) async fn start<R: Runtime>(app: &AppHandle<R>, launcher: &Arc<Launcher>) -> Result<(), Problem> {
    if let Some(window) = app.get_webview_window(GAME) {
        return window.set_focus().map_err(of_system);
    }
    let playing = launcher.game().play().await?;
    match launcher.game().kind() {
        // The launcher itself has started the process and watches it.
        Start::Native { .. } => Ok(()),
        Start::Web { entry } => {
            let window = open(app, entry.as_str(), launcher.view()).map_err(of_system)?;
            end_with(&window, playing);
            Ok(())
        }
    }
}

fn open<R: Runtime>(
    app: &AppHandle<R>,
    entry: &str,
    shown: view::Launcher,
) -> tauri::Result<WebviewWindow<R>> {
    let (language, title) = match shown.settings.shown_language {
        Language::Ko => ("ko", shown.brand.game.ko),
        Language::En => ("en", shown.brand.game.en),
    };
    let mut address = game_protocol::address(entry).map_err(tauri::Error::InvalidUrl)?;
    address.query_pairs_mut().append_pair("services", SERVICES).append_pair("language", language);
    WebviewWindowBuilder::new(app, GAME, WebviewUrl::CustomProtocol(address))
        .title(title)
        .inner_size(960.0, 720.0)
        .center()
        .on_navigation(game_protocol::is_own)
        .on_new_window(|_: Url, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()
}

/// The game counts as played until its window has gone.
fn end_with<R: Runtime>(window: &WebviewWindow<R>, playing: Playing) {
    let app = window.app_handle().clone();
    let playing = Mutex::new(Some(playing));
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            playing.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(main) = app.get_webview_window(MAIN) {
                // A player who closed the launcher into the tray wants to see it after the game.
                let _ = main.show();
            }
        }
    });
}
