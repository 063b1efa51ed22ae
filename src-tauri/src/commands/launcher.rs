//! The launcher as a whole.

use naru_launcher_core::view::{self, NewsItem, Problem};
use tauri::{AppHandle, Runtime, State};

use super::Launcher;
use crate::newer;
use crate::ready::PageReady;
use crate::start::Opening;

/// Everything that the page shows. The first page that asks has the launcher opened.
#[tauri::command]
pub async fn launcher<R: Runtime>(
    app: AppHandle<R>,
    opening: State<'_, Opening>,
) -> Result<view::Launcher, Problem> {
    Ok(opening.core(&app).await?.view())
}

/// The page can be seen.
#[tauri::command]
pub fn page_ready(ready: State<'_, PageReady>) {
    ready.report();
}

/// Asks the server what there is to install.
#[tauri::command]
pub async fn check(core: Launcher<'_>) -> Result<(), Problem> {
    core.check().await;
    Ok(())
}

/// The studio's news.
#[tauri::command]
pub async fn news(core: Launcher<'_>) -> Result<Vec<NewsItem>, Problem> {
    core.news().await
}

/// Puts the newer launcher in the place of this one, and starts it.
#[tauri::command]
pub async fn install_launcher<R: Runtime>(app: AppHandle<R>, core: Launcher<'_>) -> Result<(), Problem> {
    newer::install(&app, &core).await
}
