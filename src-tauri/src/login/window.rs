//! A provider's page in a window of the launcher, without permissions and with a separate data folder.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use naru_launcher_core::view::{LoginWay, Problem};
use naru_launcher_core::{Folder, Launcher, LoginPage};
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindowBuilder, WindowEvent};
use url::Url;

use super::page::may_show;
use super::{finish, redirect_uri};
use crate::labels::LOGIN;
use crate::problem::of_system;
use crate::start::DataFolder;

/// What the provider's page keeps, in the launcher's data folder.
const FOLDER: &str = "login";

/// Lets the page's own click come to its end before its window goes.
const BEFORE_CLOSING: Duration = Duration::from_millis(200);

/// Opens the page.
pub(crate) async fn open<R: Runtime>(
    app: &AppHandle<R>,
    launcher: &Arc<Launcher>,
    provider: &str,
) -> Result<(), Problem> {
    let page = launcher.account().begin_login(provider, LoginWay::Window, &redirect_uri(provider)).await?;
    let folder = web_folder(app).map_err(of_system);
    let built = folder.and_then(|folder| build(app, launcher, &page, folder).map_err(of_system));
    if built.is_err() {
        launcher.account().cancel_login();
    }
    built
}

fn build<R: Runtime>(
    app: &AppHandle<R>,
    launcher: &Arc<Launcher>,
    page: &LoginPage,
    folder: PathBuf,
) -> tauri::Result<()> {
    let (shell, leaving, allowed, login) = (app.clone(), Arc::clone(launcher), page.clone(), page.login);
    let host = page.url.host_str().unwrap_or_default().to_owned();
    let window = WebviewWindowBuilder::new(app, LOGIN, WebviewUrl::External(page.url.clone()))
        .title(&host)
        .on_document_title_changed(move |window, title| {
            // The host first: there is no address bar, and a page may call itself anything.
            if let Err(error) = window.set_title(&format!("{host} - {title}")) {
                tracing::warn!(%error, "the login window could not be named");
            }
        })
        .inner_size(480.0, 720.0)
        .center()
        .data_directory(folder)
        .on_navigation(move |url| {
            if allowed.ends_at(url) {
                leave(shell.clone(), Arc::clone(&leaving), login, url.clone());
                return false;
            }
            may_show(&allowed, url)
        })
        .on_new_window(|_: Url, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    let launcher = Arc::clone(launcher);
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::CloseRequested { .. }) {
            launcher.account().cancel_login();
        }
    });
    Ok(())
}

/// The code never reaches a page: the address that carries it is not loaded.
fn leave<R: Runtime>(app: AppHandle<R>, launcher: Arc<Launcher>, login: u64, redirect: Url) {
    tauri::async_runtime::spawn(async move {
        if let Err(problem) = finish(&app, &launcher, &redirect).await {
            launcher.account().fail_login(login, problem);
        }
        tokio::time::sleep(BEFORE_CLOSING).await;
        // By now the window may be that of the next login, or of this one's first end.
        if launcher.account().login_under_way().is_some() {
            return;
        }
        if let Some(window) = app.get_webview_window(LOGIN)
            && let Err(error) = window.destroy()
        {
            tracing::warn!(%error, "the login window could not be closed");
        }
    });
}

/// Drops the provider's cookies, so that the next login asks who it is.
pub(crate) fn forget<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(LOGIN) {
        let _ = window.destroy();
    }
    let data = &app.state::<DataFolder>().0;
    let removed = Folder::open_private(data).and_then(|data| data.map_or(Ok(()), |data| data.remove(FOLDER)));
    if let Err(error) = removed {
        tracing::warn!(%error, "the provider's data could not be removed");
    }
}

/// The web view follows links, so its folder is made here, and what else has its name is removed.
fn web_folder<R: Runtime>(app: &AppHandle<R>) -> std::io::Result<PathBuf> {
    let data = Folder::make_private(&app.state::<DataFolder>().0)?;
    Ok(data.make_own(FOLDER)?.path().to_path_buf())
}
