//! The board and the statistics.

use naru_launcher_core::view::{Board, Problem, Statistics};
use tauri::{AppHandle, Runtime};

use super::opened;

pub(super) async fn board<R: Runtime>(app: &AppHandle<R>, after: Option<String>) -> Result<Board, Problem> {
    opened(app)?.scores().board(after).await
}

pub(super) async fn statistics<R: Runtime>(app: &AppHandle<R>) -> Result<Statistics, Problem> {
    opened(app)?.scores().statistics().await
}
