//! `Range` as the edge understands it: one range of bytes, or the whole.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc9110#section-14.2>

use std::ops::Range;

use hyper::HeaderMap;
use hyper::header;

use super::response::etag_listed;
use crate::index::records::Version;

/// The bytes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) bytes: Range<u64>,
    /// A piece (206) and not the whole (200).
    pub(super) partial: bool,
}

/// What a `Range` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    From(u64, Option<u64>),
    Last(u64),
}

/// Reads the header. What cannot be read, or asks for several ranges, is ignored, as it may be.
pub(super) fn wanted(headers: &HeaderMap, version: &Version) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // `If-Range` with another ETag: the piece would belong to another object.
    if text(header::IF_RANGE).is_some_and(|etag| !etag_listed(etag, &version.etag)) {
        return Wanted::Whole;
    }
    text(header::RANGE).and_then(parse).unwrap_or(Wanted::Whole)
}

/// Turns it into bytes of an object; `None` is a range that the object does not have (416).
pub(super) fn resolve(wanted: Wanted, size: u64) -> Option<Span> {
    let bytes = match wanted {
        Wanted::Whole => {
            return Some(Span { bytes: 0..size, partial: false });
        }
        Wanted::From(first, last) => first..last.map_or(size, |last| size.min(last.saturating_add(1))),
        Wanted::Last(count) => size.saturating_sub(count)..size,
    };
    (bytes.start < bytes.end).then_some(Span { bytes, partial: true })
}

fn parse(header: &str) -> Option<Wanted> {
    let range = header.strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    match (first, last) {
        ("", count) => Some(Wanted::Last(number(count)?)),
        (first, "") => Some(Wanted::From(number(first)?, None)),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Wanted::From(first, Some(last)))
        }
    }
}

/// Digits alone: `parse` of the standard library would take a sign as well.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_anything_else_is_the_whole() {
        assert_eq!(parse("bytes=0-9"), Some(Wanted::From(0, Some(9))));
        assert_eq!(parse("bytes=5-"), Some(Wanted::From(5, None)));
        assert_eq!(parse("bytes=-5"), Some(Wanted::Last(5)));
        for ignored in ["bytes=0-1,3-4", "bytes=9-1", "bytes=-", "items=0-1", "bytes=+1-2"] {
            assert_eq!(parse(ignored), None, "{ignored}");
        }
    }

    #[test]
    fn a_range_is_cut_to_the_object_or_refused() {
        let bytes = |wanted, size| resolve(wanted, size).map(|span| span.bytes);
        assert_eq!(bytes(Wanted::From(2, Some(99)), 10), Some(2..10));
        assert_eq!(bytes(Wanted::Last(99), 10), Some(0..10));
        assert_eq!(bytes(Wanted::From(0, Some(u64::MAX)), 10), Some(0..10));
        assert_eq!(bytes(Wanted::From(10, None), 10), None);
        assert_eq!(bytes(Wanted::Last(0), 10), None);
        assert_eq!(bytes(Wanted::From(0, None), 0), None);
        assert_eq!(bytes(Wanted::Whole, 0), Some(0..0));
    }
}
