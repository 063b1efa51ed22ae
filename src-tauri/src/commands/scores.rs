//! The board and the statistics.

use naru_launcher_core::view::{Board, Problem, Statistics};

use super::Launcher;

/// A page of the board.
#[tauri::command]
pub async fn board(core: Launcher<'_>, after: Option<String>) -> Result<Board, Problem> {
    core.board(after).await
}

/// How often which scores were reached.
#[tauri::command]
pub async fn statistics(core: Launcher<'_>) -> Result<Statistics, Problem> {
    core.statistics().await
}
