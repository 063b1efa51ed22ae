//! Release notes.

use naru_protocol::Limits;

/// Notes that do not fit the pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotesError {
    /// Too much text.
    #[error("the release notes are {bytes} bytes long; the limit is {}", Limits::NOTES)]
    TooLong {
        /// Bytes of UTF-8.
        bytes: usize,
    },
    /// Too many characters that JSON writes longer.
    #[error(
        "the release notes are {bytes} bytes long as JSON; the limit is {}: too many line ends, quotes or \
         control characters",
        Limits::NOTES_ESCAPED
    )]
    TooLongAsJson {
        /// Bytes with the escapes of JSON.
        bytes: usize,
    },
}

/// Notes as every reader shows them: without a byte order mark, with line feeds only, and without
/// white space at the end. Editors on Windows write both.
pub fn plain_notes(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
}

/// The lines that head the parts of notes in two languages.
const MARKS: [(&str, &str); 2] = [("ko", "[ko]"), ("en", "[en]")];

/// The part of notes for one language (`ko`, `en`): the part in it, else the text
/// before all parts, else the other part. The launcher's page goes by the same rule.
pub fn notes_for(language: &str, text: &str) -> String {
    let [mut own, mut common, mut other] = [const { String::new() }; 3];
    let mut part = &mut common;
    for line in text.lines() {
        let mark = line.trim().to_lowercase();
        match MARKS.iter().find(|(_, known)| *known == mark) {
            Some((name, _)) => part = if *name == language { &mut own } else { &mut other },
            None => {
                part.push_str(line);
                part.push('\n');
            }
        }
    }
    let shown = [own, common, other].into_iter().find(|part| !part.trim().is_empty());
    shown.unwrap_or_default().trim().to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_on_windows_add_is_taken_off() {
        assert_eq!(plain_notes("\u{feff}첫 줄\r\nsecond\rthird\n\n"), "첫 줄\nsecond\nthird");
        assert_eq!(plain_notes("a\u{feff}b"), "a\u{feff}b", "only at the beginning is it a mark");
    }

    #[test]
    fn a_reader_gets_the_part_in_his_language() {
        let both = "[ko]\n새 동굴\n- 하나\n[EN]\r\nA new cave\n";
        assert_eq!(notes_for("ko", both), "새 동굴\n- 하나");
        assert_eq!(notes_for("en", both), "A new cave");
        assert_eq!(notes_for("en", "[ko]\n새 동굴"), "새 동굴", "better than nothing");
        assert_eq!(notes_for("en", "Fixes.\n[ko]\n수정"), "Fixes.");
        assert_eq!(notes_for("ko", "plain\n\ntext"), "plain\n\ntext");
        assert_eq!(notes_for("ko", "[ko]\n[en]"), "");
    }
}
