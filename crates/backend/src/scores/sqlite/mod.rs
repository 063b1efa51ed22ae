//! The stores of the scores service in SQLite.

mod board;
mod playing;
mod runs;
mod scores;

use rusqlite::Row;

use super::RunId;
use crate::platform::sqlite::rows;

/// A column that holds a run's id.
pub(crate) fn run_id(row: &Row<'_>, column: &str) -> rusqlite::Result<RunId> {
    let text: String = row.get(column)?;
    RunId::parse(&text).ok_or_else(|| rows::invalid(row, column, "not a run id"))
}
