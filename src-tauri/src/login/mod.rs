//! Logging in at a provider, in a window of the launcher or in the player's own browser.

mod browser;
mod page;
mod window;

use std::sync::{Arc, Mutex, PoisonError};

use naru_launcher_core::Launcher;
use naru_launcher_core::view::{LoginWay, Problem};
use tauri::async_runtime::JoinHandle;
use tauri::{AppHandle, Manager, Runtime};
use url::Url;

use crate::labels::LOGIN;
use crate::windows::main;

/// The port that a login comes back to. Providers compare the address to the letter, so it is fixed.
const PORT: u16 = 9720;

/// Where a provider's page ends.
fn redirect_uri(provider: &str) -> String {
    format!("http://127.0.0.1:{PORT}/login/{provider}")
}

/// The wait for a browser's redirect, where one is under way.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<Option<JoinHandle<()>>>);

impl Waiting {
    fn replace(&self, wait: Option<JoinHandle<()>>) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = std::mem::replace(&mut *held, wait) {
            earlier.abort();
        }
    }
}

/// Opens a provider's page. A login that waits already is given up.
pub(crate) async fn begin<R: Runtime>(
    app: &AppHandle<R>,
    launcher: &Arc<Launcher>,
    provider: &str,
    way: LoginWay,
) -> Result<(), Problem> {
    abandon(app, launcher);
    match launcher.account().login_way(provider, way).await {
        LoginWay::Window => window::open(app, launcher, provider).await,
        LoginWay::Browser => browser::open(app, launcher, provider).await,
    }
}

/// Gives a login up.
pub(crate) fn abandon<R: Runtime>(app: &AppHandle<R>, launcher: &Launcher) {
    launcher.account().cancel_login();
    app.state::<Waiting>().replace(None);
    if let Some(window) = app.get_webview_window(LOGIN)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the login window could not be closed");
    }
}

/// Forgets what the provider's page has stored.
pub(crate) fn forget<R: Runtime>(app: &AppHandle<R>) {
    window::forget(app);
}

/// Uses the address that the provider's page ended at.
async fn finish<R: Runtime>(
    app: &AppHandle<R>,
    launcher: &Arc<Launcher>,
    redirect: &Url,
) -> Result<(), Problem> {
    // The page gets the outcome with the account's event.
    let done = launcher.account().finish_login(redirect).await;
    if let Err(problem) = &done {
        tracing::warn!(code = ?problem.code, "the login failed");
    }
    main::show(app);
    done
}
