//! The game: looking for a newer release, installing it, verifying, repairing and playing.

use naru_launcher_core::view::Problem;
use tauri::{AppHandle, Runtime};

use super::opened;
use crate::windows;

pub(super) async fn check<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.check().await;
    Ok(())
}

pub(super) async fn update<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.game().update()
}

pub(super) async fn verify<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.game().verify()
}

pub(super) async fn repair<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.game().repair()
}

pub(super) async fn play<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    windows::game::start(app, &opened(app)?).await
}
