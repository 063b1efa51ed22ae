//! Bodies that hold exactly what was announced.

use std::future::Future;

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

use crate::{Body, FailureKind, ObjectRef, StoreError};

/// Where a body's bytes come from, one piece at a time.
pub(crate) trait Pieces: Send + 'static {
    /// The next piece; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Bytes>, StoreError>> + Send;
}

/// A stream of exactly `length` bytes. Fewer end it with a retryable error; more are cut off.
pub(crate) fn exactly<P: Pieces>(
    pieces: P,
    key: String,
    length: u64,
) -> BoxStream<'static, Result<Bytes, StoreError>> {
    stream::try_unfold((pieces, key, length), |(mut pieces, key, remaining)| async move {
        let Some(piece) = pieces.next().await? else {
            return end_of_body(&key, remaining);
        };
        let Some(remaining) = remaining.checked_sub(piece.len() as u64) else {
            return Err(StoreError::new(
                "get",
                key,
                FailureKind::BadAnswer,
                "more bytes came than were announced",
            ));
        };
        Ok(Some((piece, (pieces, key, remaining))))
    })
    .boxed()
}

fn end_of_body<T>(key: &str, missing: u64) -> Result<Option<T>, StoreError> {
    if missing == 0 {
        return Ok(None);
    }
    let detail = format!("the body broke off {missing} bytes before its end");
    Err(StoreError::new("get", key, FailureKind::Retryable, detail))
}

/// Collects a body of at most `limit` bytes.
///
/// The announced length is checked before the first byte is read, and the arriving bytes are
/// counted all the same (endless-data attack).
pub(crate) async fn read_bounded(
    object: &ObjectRef,
    mut body: Body,
    limit: u64,
) -> Result<Bytes, StoreError> {
    if body.length > limit {
        return Err(too_long(object, limit));
    }
    let mut bytes = BytesMut::with_capacity(usize::try_from(body.length).unwrap_or(0));
    while let Some(piece) = body.stream.next().await {
        let piece = piece?;
        if (bytes.len() + piece.len()) as u64 > limit {
            return Err(too_long(object, limit));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.freeze())
}

fn too_long(object: &ObjectRef, limit: u64) -> StoreError {
    let detail = format!("longer than the {limit} bytes that are accepted of it");
    StoreError::new("get", &object.key, FailureKind::BadAnswer, detail)
}

/// Refuses a range that holds no byte: HTTP can't ask for it (RFC 9110 section 14.1.1).
pub(crate) fn refuse_empty(
    object: &ObjectRef,
    range: Option<&std::ops::Range<u64>>,
) -> Result<(), StoreError> {
    match range {
        Some(range) if range.is_empty() => Err(StoreError::new(
            "get",
            &object.key,
            FailureKind::Fatal,
            format!("the range {}..{} is empty", range.start, range.end),
        )),
        _ => Ok(()),
    }
}
