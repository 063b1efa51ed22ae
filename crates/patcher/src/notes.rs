//! Release notes.

use naru_protocol::{FormatError, Limits};

/// Refuses notes that would not fit the pointer: at most 6 KiB of UTF-8, and 10 KiB with the escapes
/// of JSON.
pub fn check_notes(text: &str) -> Result<(), FormatError> {
    let refuse = |problem| FormatError { what: "release notes", problem };
    if text.len() > Limits::NOTES {
        return Err(refuse(format!("{} bytes, at most {} fit the pointer", text.len(), Limits::NOTES)));
    }
    let escaped = serde_json::to_string(text).map_err(|error| refuse(error.to_string()))?.len();
    if escaped > Limits::NOTES_ESCAPED {
        return Err(refuse(format!(
            "{escaped} bytes as JSON, at most {} fit the pointer: too many line ends, quotes or control \
             characters",
            Limits::NOTES_ESCAPED
        )));
    }
    Ok(())
}
