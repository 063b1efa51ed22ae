//! Checks that an answer is exactly the one that was asked for.

use std::ops::Range;

use reqwest::header::{self, HeaderMap};

use crate::{DIGEST_METADATA, FailureKind, MD5_METADATA, ObjectRef, StoreError, Stored};

/// What the head of a sound answer says.
#[derive(Debug)]
pub(super) struct Answer {
    pub length: Option<u64>,
    pub object_length: Option<u64>,
    pub etag: Option<String>,
    pub version: Option<String>,
}

/// Accepts the head of an answer to a GET, or reports what is wrong with it.
pub(super) fn check(
    object: &ObjectRef,
    range: Option<&Range<u64>>,
    status: u16,
    headers: &HeaderMap,
) -> Result<Answer, StoreError> {
    let bad = |detail: String| bad_answer("get", object, status, detail);
    refuse_encoding(headers).map_err(bad)?;
    refuse_other_version(object, headers).map_err(bad)?;
    let length = content_length(headers).map_err(bad)?;
    let (length, object_length) = match range {
        Some(range) => {
            let object_length = check_range(range, status, length, headers).map_err(bad)?;
            (Some(range.end - range.start), object_length)
        }
        None if is_whole(status) => (length, length),
        None => return Err(bad("a part came though the whole was asked for".to_owned())),
    };
    Ok(Answer {
        length,
        object_length,
        etag: text(headers, header::ETAG.as_str()),
        version: text(headers, "x-amz-version-id"),
    })
}

/// Accepts the head of an answer to a HEAD request.
pub(super) fn stored(object: &ObjectRef, status: u16, headers: &HeaderMap) -> Result<Stored, StoreError> {
    let bad = |detail: String| bad_answer("stat", object, status, detail);
    refuse_encoding(headers).map_err(bad)?;
    refuse_other_version(object, headers).map_err(bad)?;
    Ok(Stored {
        length: content_length(headers).map_err(bad)?.ok_or_else(|| bad("no Content-Length".to_owned()))?,
        etag: text(headers, header::ETAG.as_str()).ok_or_else(|| bad("no ETag".to_owned()))?,
        version: text(headers, "x-amz-version-id"),
        digest: text(headers, &format!("x-amz-meta-{DIGEST_METADATA}")).and_then(|text| text.parse().ok()),
        md5: text(headers, &format!("x-amz-meta-{MD5_METADATA}")).and_then(|text| text.parse().ok()),
    })
}

/// Accepts 203 too: a proxy has modified the answer (RFC 9110 section 15.3.4), but every byte is verified
/// against its digest anyway.
pub(super) fn is_whole(status: u16) -> bool {
    matches!(status, 200 | 203)
}

/// The whole object's length from a valid 206 (RFC 9110 sections 14.4 and 15.3.7), if stated. A server may
/// answer a range with 200 and the whole object; written at the range's place, those would be wrong bytes.
fn check_range(
    range: &Range<u64>,
    status: u16,
    length: Option<u64>,
    headers: &HeaderMap,
) -> Result<Option<u64>, String> {
    if status != 206 {
        return Err(format!("{status} came where the range {range:?} was asked for"));
    }
    let given = text(headers, header::CONTENT_RANGE.as_str()).ok_or("206 without Content-Range")?;
    let (answered, object_length) = parse_content_range(&given).ok_or(format!("Content-Range `{given}`"))?;
    if answered != *range {
        return Err(format!("the range {answered:?} came where {range:?} was asked for"));
    }
    match length {
        Some(length) if length != range.end - range.start => {
            Err(format!("Content-Length {length} for the range {range:?}"))
        }
        _ => Ok(object_length),
    }
}

/// `bytes 0-99/1234` as `0..100` and 1234; `*` is a length that the sender does not know.
fn parse_content_range(text: &str) -> Option<(Range<u64>, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let range = first.parse().ok()?..last.parse::<u64>().ok()?.checked_add(1)?;
    let total = match total {
        "*" => None,
        total => Some(total.parse().ok()?),
    };
    (range.start < range.end && total.is_none_or(|total| range.end <= total)).then_some((range, total))
}

/// A proxy that hands an answer on in chunks does not tell its length.
fn content_length(headers: &HeaderMap) -> Result<Option<u64>, String> {
    let length = text(headers, header::CONTENT_LENGTH.as_str());
    length.map(|length| length.parse().map_err(|_| format!("Content-Length `{length}`"))).transpose()
}

fn refuse_encoding(headers: &HeaderMap) -> Result<(), String> {
    match text(headers, header::CONTENT_ENCODING.as_str()) {
        Some(encoding) if !encoding.eq_ignore_ascii_case("identity") => {
            Err(format!("an unrequested Content-Encoding `{encoding}`"))
        }
        _ => Ok(()),
    }
}

/// An edge that does not forward the query caches one version's bytes under all of them.
fn refuse_other_version(object: &ObjectRef, headers: &HeaderMap) -> Result<(), String> {
    match (&object.version, text(headers, "x-amz-version-id")) {
        (Some(asked), Some(given)) if *asked != given => {
            Err(format!("version {given} came where {asked} was asked for"))
        }
        _ => Ok(()),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn bad_answer(operation: &'static str, object: &ObjectRef, status: u16, detail: String) -> StoreError {
    let mut failure = StoreError::new(operation, &object.key, FailureKind::BadAnswer, detail);
    failure.status = Some(status);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complete_content_range_is_one() {
        assert_eq!(parse_content_range("bytes 0-99/1234"), Some((0..100, Some(1234))));
        assert_eq!(parse_content_range("bytes 0-99/*"), Some((0..100, None)));
        for wrong in [
            "bytes */1234",
            "bytes 5-4/10",
            "bytes 0-10/10",
            "0-99/1234",
            "bytes 0-18446744073709551615/18446744073709551615",
        ] {
            assert_eq!(parse_content_range(wrong), None, "{wrong}");
        }
    }
}
