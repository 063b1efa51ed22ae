//! The publisher's part.

use naru_launcher_core::view::{Build, Problem, ReleaseRow};
use tauri::{AppHandle, Runtime};

use super::opened;

pub(super) async fn compare_build<R: Runtime>(app: &AppHandle<R>) -> Result<Build, Problem> {
    opened(app)?.publisher().compare().await
}

pub(super) async fn publish<R: Runtime>(app: &AppHandle<R>, notes: String) -> Result<(), Problem> {
    opened(app)?.publisher().publish(notes)
}

pub(super) async fn releases<R: Runtime>(app: &AppHandle<R>) -> Result<Vec<ReleaseRow>, Problem> {
    opened(app)?.publisher().releases().await
}

pub(super) async fn roll_back<R: Runtime>(app: &AppHandle<R>, number: u64) -> Result<(), Problem> {
    opened(app)?.publisher().roll_back(number)
}
