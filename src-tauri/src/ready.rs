//! Whether the page can be seen.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager, Runtime};
use tauri_plugin_dialog::{DialogExt, MessageDialogKind};

use crate::start::{Logs, Opening};

/// Longer than a slow machine takes to show the page for the first time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whether the page has reported.
#[derive(Debug, Default)]
pub(crate) struct PageReady(AtomicBool);

impl PageReady {
    /// The page can be seen.
    pub(crate) fn report(&self) {
        self.0.store(true, Ordering::Release);
        tracing::info!("the page is shown");
    }
}

/// Shows a native message if the page does not load, in place of a white window.
pub(crate) async fn watch<R: Runtime>(app: AppHandle<R>) {
    tokio::time::sleep(PATIENCE).await;
    if app.state::<PageReady>().0.load(Ordering::Acquire) {
        return;
    }
    let logs = app.state::<Logs>().0.display().to_string();
    // A page that never ran has not asked for the launcher either, and until then there is no log.
    let _opened = app.state::<Opening>().launcher(&app).await;
    tracing::error!("the page did not report ready");
    app.dialog()
        .message(message(&logs))
        .kind(MessageDialogKind::Error)
        .title(&app.package_info().name)
        .show(|_| {});
}

fn message(logs: &str) -> String {
    format!(
        "화면을 표시하지 못했습니다. 런처를 다시 시작하세요. 문제가 계속되면 로그를 보내 주세요.\n\
         The window could not be displayed. Restart the launcher; \
         if the problem continues, please send us the log.\n\n{logs}"
    )
}
