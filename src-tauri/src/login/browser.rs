//! A provider's page in the player's own browser.

use std::sync::Arc;

use naru_launcher_core::view::{Changed, ErrorCode, LoginWay, Problem, ProblemCode};
use naru_launcher_core::{Launcher, LoginPage, RedirectListener};
use tauri::{AppHandle, Manager, Runtime};

use super::{Waiting, redirect_uri};
use crate::windows::main;

/// Opens the page, and waits for the redirect in the background.
pub(crate) async fn open<R: Runtime>(
    app: &AppHandle<R>,
    launcher: &Arc<Launcher>,
    provider: &str,
) -> Result<(), Problem> {
    let page = launcher.account().begin_login(provider, LoginWay::Browser, &redirect_uri(provider)).await?;
    match listen_and_show(launcher, &page).await {
        Ok(listener) => {
            let shell = app.clone();
            let wait = listener.wait(Arc::clone(launcher.account()), page, move || main::show(&shell));
            app.state::<Waiting>().replace(Some(tauri::async_runtime::spawn(wait)));
            Ok(())
        }
        Err(problem) => {
            launcher.account().cancel_login();
            Err(problem)
        }
    }
}

/// Listens first: a browser with a session returns at once.
async fn listen_and_show(launcher: &Launcher, page: &LoginPage) -> Result<RedirectListener, Problem> {
    let listener = RedirectListener::bind(page).await?;
    launcher.open_outside(page.url.as_str()).await.map_err(no_browser)?;
    Ok(listener)
}

fn no_browser(error: std::io::Error) -> Problem {
    Problem {
        code: ProblemCode::Failure(ErrorCode::NotFound),
        detail: error.to_string(),
        changed: Changed::Nothing,
    }
}
