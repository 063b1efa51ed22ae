//! Columns that hold types of the domain.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};

use crate::domain::{PlayerId, RunId};

pub(super) fn player(row: &Row<'_>, column: &str) -> rusqlite::Result<PlayerId> {
    let text: String = row.get(column)?;
    PlayerId::parse(&text).map_err(|error| invalid(row, column, error))
}

pub(super) fn run_id(row: &Row<'_>, column: &str) -> rusqlite::Result<RunId> {
    let text: String = row.get(column)?;
    RunId::parse(&text).ok_or_else(|| invalid(row, column, "not a run id"))
}

pub(super) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| invalid(row, column, error))
}

fn invalid(row: &Row<'_>, column: &str, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    Error::FromSqlConversionFailure(index, Type::Text, error.into())
}
