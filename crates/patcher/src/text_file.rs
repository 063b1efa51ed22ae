//! Text files that people write: read as a whole or not at all.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read, in bytes: more than anyone writes by hand.
const LIMIT: u64 = 1024 * 1024;

/// Why a text file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum TextError {
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What is in it, or what it is.
    #[error("{0}")]
    Text(#[from] TextProblem),
}

/// Why a file is no text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// A symbolic link, where a plain file is required.
    #[error("is a symbolic link")]
    Link,
    /// A folder, a socket, a pipe or a device.
    #[error("is not a file")]
    NotAFile,
    /// More than a person writes.
    #[error("is longer than {} bytes", LIMIT)]
    TooLong,
    /// What PowerShell's `>` writes by default, and `>>` after lines of UTF-8.
    #[error("is UTF-16 text, or contains some")]
    Utf16,
    /// Some other encoding, or no text at all.
    #[error("is not UTF-8 text")]
    NotUtf8,
}

/// Reads a text file of at most one mebibyte. A byte order mark at its beginning is no part of it.
pub fn read_text(path: &Path) -> Result<String, TextError> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(TextProblem::NotAFile.into());
    }
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(decode(bytes)?)
}

fn decode(bytes: Vec<u8>) -> Result<String, TextProblem> {
    if bytes.len() as u64 > LIMIT {
        return Err(TextProblem::TooLong);
    }
    // Latin letters in UTF-16 are valid UTF-8 with a zero after each: the rules would silently match nothing.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err(TextProblem::Utf16);
    }
    let text = String::from_utf8(bytes).map_err(|_| TextProblem::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn text_is_read_as_a_whole_or_refused() {
        let read = |bytes: &[u8]| decode(bytes.to_vec());
        assert_eq!(read(b"\xef\xbb\xbf*.log\r\n").as_deref(), Ok("*.log\r\n"), "a mark alone is fine");
        assert_eq!(read(&[b"*.log\n", &utf16("secret.txt\r\n")[..]].concat()), Err(TextProblem::Utf16));
        assert_eq!(read(&[b"\xff\xfe", &utf16("비밀\n")[..]].concat()), Err(TextProblem::Utf16));
        assert_eq!(read(b"caf\xe9"), Err(TextProblem::NotUtf8));
        assert_eq!(read(&vec![b'#'; LIMIT as usize + 1]), Err(TextProblem::TooLong));
        assert!(read(&vec![b'#'; LIMIT as usize]).is_ok());
    }

    #[test]
    fn a_folder_is_no_text() {
        let folder = tempfile::tempdir().expect("a folder");
        let refused = read_text(folder.path());
        assert!(matches!(refused, Err(TextError::Text(TextProblem::NotAFile))), "{refused:?}");
    }
}
