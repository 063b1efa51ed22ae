//! The main window: opened, shown, brought to the front.

use naru_launcher_core::view::Language;
use tauri::{App, AppHandle, Manager, Runtime, WebviewWindow, WebviewWindowBuilder};

use crate::labels::MAIN;

/// Opens the window, under the name that the launcher has in the system's menus.
pub(crate) fn open<R: Runtime>(app: &App<R>, language: Language) -> tauri::Result<WebviewWindow<R>> {
    let Some(config) = app.config().app.windows.iter().find(|window| window.label == MAIN) else {
        return Err(tauri::Error::WindowNotFound);
    };
    WebviewWindowBuilder::from_config(app.handle(), config)?
        .title(&app.package_info().name)
        .initialization_script(speak(language))
        .build()
}

/// Says before anything is drawn in which language the page shows itself until its script has asked.
/// Some web views run this before there is a root element.
fn speak(language: Language) -> String {
    let language = match language {
        Language::Ko => "ko",
        Language::En => "en",
    };
    format!(
        "{{
            const speak = () => document.documentElement && (document.documentElement.lang = '{language}');
            speak() || new MutationObserver((_, seen) => speak() && seen.disconnect())
                .observe(document, {{ childList: true }});
        }}"
    )
}

/// Brings the window back from wherever it is.
pub(crate) fn show<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}
