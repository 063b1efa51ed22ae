//! Long work: pausing, resuming, cancelling, putting away.

use naru_launcher_core::view::Problem;
use tauri::{AppHandle, Runtime};

use super::opened;

pub(super) async fn pause<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.jobs().pause()
}

pub(super) async fn resume<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.jobs().resume()
}

pub(super) async fn cancel<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.jobs().cancel()
}

pub(super) async fn dismiss<R: Runtime>(app: &AppHandle<R>) -> Result<(), Problem> {
    opened(app)?.jobs().dismiss()
}
