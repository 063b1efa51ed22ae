//! Release notes.

use naru_protocol::Limits;

/// Notes that do not fit the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotesError {
    /// Too much text.
    #[error("the release notes are {bytes} bytes long, allowed are {}", Limits::NOTES)]
    TooLong {
        /// Bytes of UTF-8.
        bytes: usize,
    },
    /// Too many characters that JSON writes longer.
    #[error(
        "the release notes are {bytes} bytes long as JSON, allowed are {}: too many line ends, quotes or \
         control characters",
        Limits::NOTES_ESCAPED
    )]
    TooLongAsJson {
        /// Bytes with the escapes of JSON.
        bytes: usize,
    },
}

/// Refuses notes that would not fit the pointer: at most 6 KiB of UTF-8, and 10 KiB with the escapes
/// of JSON.
pub fn check_notes(text: &str) -> Result<(), NotesError> {
    if text.len() > Limits::NOTES {
        return Err(NotesError::TooLong { bytes: text.len() });
    }
    let bytes = serde_json::Value::from(text).to_string().len();
    if bytes > Limits::NOTES_ESCAPED {
        return Err(NotesError::TooLongAsJson { bytes });
    }
    Ok(())
}
