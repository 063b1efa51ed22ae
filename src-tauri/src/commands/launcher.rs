//! The launcher as a whole.

use naru_launcher_core::view::{Launcher, NewsItem, Problem};
use tauri::{AppHandle, Manager, Runtime};

use super::opened;
use crate::ready::PageReady;
use crate::self_update;
use crate::start::Opening;

pub(super) async fn launcher<R: Runtime>(app: &AppHandle<R>) -> Result<Launcher, Problem> {
    Ok(app.state::<Opening>().launcher(app).await?.view())
}

pub(super) async fn page_ready<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    app.state::<PageReady>().report();
    Ok(())
}

pub(super) async fn news<R: Runtime>(app: &AppHandle<R>) -> Result<Vec<NewsItem>, Problem> {
    opened(app)?.news().items().await
}

pub(super) async fn install_launcher<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    self_update::install(app, opened(app)?.self_update()).await
}
