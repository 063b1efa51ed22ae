//! Logging in and out.

use naru_launcher_core::view::{LoginWay, Problem};
use tauri::{AppHandle, Runtime};

use super::opened;
use crate::login;

pub(super) async fn log_in<R: Runtime>(
    app: &AppHandle<R>,
    provider: String,
    way: LoginWay,
) -> Result<(), Problem> {
    login::begin(app, &opened(app)?, &provider, way).await
}

pub(super) async fn cancel_login<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    login::abandon(app, &*opened(app)?);
    Ok(())
}

pub(super) async fn log_out<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.account().log_out();
    login::forget(app);
    Ok(())
}

pub(super) async fn learn_public_name<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.account().learn_public_name().await
}

/// To go without a name is a choice too.
pub(super) async fn choose_public_name<R: Runtime>(
    app: &AppHandle<R>,
    name: Option<String>,
) -> Result<(), Problem> {
    opened(app)?.account().choose_public_name(name).await
}
