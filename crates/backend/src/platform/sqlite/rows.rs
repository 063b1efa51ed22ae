//! Columns that hold types of ours.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Row};

use crate::platform::PlayerId;

pub(crate) fn player(row: &Row<'_>, column: &str) -> rusqlite::Result<PlayerId> {
    let text: String = row.get(column)?;
    PlayerId::parse(&text).map_err(|error| invalid(row, column, error))
}

pub(crate) fn time(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| invalid(row, column, error))
}

/// A column that nothing of ours has written.
pub(crate) fn invalid(
    row: &Row<'_>,
    column: &str,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    let index = row.as_ref().column_index(column).unwrap_or_default();
    Error::FromSqlConversionFailure(index, Type::Text, error.into())
}
