//! Release notes.

use naru_protocol::{FormatError, Limits};

/// Refuses notes that would not fit the pointer: at most 6 KiB of UTF-8.
pub fn check_notes(text: &str) -> Result<(), FormatError> {
    if text.len() <= Limits::NOTES {
        return Ok(());
    }
    Err(FormatError {
        what: "release notes",
        problem: format!("{} bytes, at most {} fit the pointer", text.len(), Limits::NOTES),
    })
}
