//! As much of HTTP/1.1 as a proxy and a file server for tests need.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The head of a request or of an answer.
#[derive(Debug, Clone)]
pub(crate) struct Head {
    /// Request line or status line, without its line break.
    pub start: String,
    /// Names as they came.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// Reads up to the empty line; `None` when the connection ended before.
    pub(crate) async fn read(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Self>> {
        let Some(start) = read_line(reader).await? else {
            return Ok(None);
        };
        let mut headers = Vec::new();
        while let Some(line) = read_line(reader).await? {
            if line.is_empty() {
                return Ok(Some(Self { start, headers }));
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(None)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter();
        all.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Method and target of a request.
    pub(crate) fn request(&self) -> (&str, &str) {
        let mut words = self.start.split(' ');
        (words.next().unwrap_or(""), words.next().unwrap_or(""))
    }

    /// The status of an answer.
    pub(crate) fn status(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn content_length(&self) -> Option<u64> {
        self.get("content-length")?.parse().ok()
    }

    /// `bytes=5-9` as 5 and 9.
    pub(crate) fn range(&self) -> Option<(u64, u64)> {
        let (first, last) = self.get("range")?.strip_prefix("bytes=")?.split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()?))
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

async fn read_line(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    if reader.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end().to_owned()))
}

/// Reads exactly `length` bytes, or everything up to the end of the connection. What came before a
/// connection broke is not lost.
pub(crate) async fn read_body(reader: &mut (impl AsyncBufRead + Unpin), length: Option<u64>) -> Vec<u8> {
    let mut body = Vec::new();
    let _ = reader.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body).await;
    body
}
