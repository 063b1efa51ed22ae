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

/// A body that is held to a length only now.
struct Streamed(BoxStream<'static, Result<Bytes, StoreError>>);

impl Pieces for Streamed {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        self.0.next().await.transpose()
    }
}

/// A stream of as many bytes as were announced. Where nothing was, it ends when the answer does, and
/// its reader knows how much is due.
pub(crate) fn announced<P: Pieces>(
    pieces: P,
    key: String,
    length: Option<u64>,
) -> BoxStream<'static, Result<Bytes, StoreError>> {
    match length {
        Some(length) => exactly(pieces, key, length),
        None => {
            let next = |mut pieces: P| async move { Ok(pieces.next().await?.map(|piece| (piece, pieces))) };
            stream::try_unfold(pieces, next).boxed()
        }
    }
}

impl Body {
    /// The bytes of a body that has to have `length` of them. One that announces another number is
    /// refused at once; one that announces none is cut off where it brings more (endless-data attack).
    pub fn of_length(
        self,
        object: &ObjectRef,
        length: u64,
    ) -> Result<BoxStream<'static, Result<Bytes, StoreError>>, StoreError> {
        match self.length {
            Some(announced) if announced == length => Ok(self.stream),
            Some(announced) => {
                let detail = format!("answers {announced} bytes where {length} are due");
                Err(StoreError::new("get", &object.key, FailureKind::BadAnswer, detail))
            }
            None => Ok(exactly(Streamed(self.stream), object.key.clone(), length)),
        }
    }
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
/// counted as well (endless-data attack).
pub(crate) async fn read_bounded(
    object: &ObjectRef,
    mut body: Body,
    limit: u64,
) -> Result<Bytes, StoreError> {
    if body.length.is_some_and(|length| length > limit) {
        return Err(too_long(object, limit));
    }
    let room = body.length.unwrap_or_default();
    let mut bytes = BytesMut::with_capacity(usize::try_from(room).unwrap_or(0));
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

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;

    use super::*;

    /// Gives its pieces, then ends.
    struct Given(Vec<&'static str>);

    impl Pieces for Given {
        async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
            Ok((!self.0.is_empty()).then(|| self.0.remove(0).into()))
        }
    }

    /// A source that must not be read.
    struct Untouched;

    impl Pieces for Untouched {
        async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
            panic!("a byte was asked for")
        }
    }

    fn body(pieces: impl Pieces, length: impl Into<Option<u64>>) -> Body {
        let length = length.into();
        Body {
            length,
            object_length: length,
            etag: None,
            version: None,
            stream: announced(pieces, "key".to_owned(), length),
        }
    }

    async fn read(
        pieces: impl Pieces,
        length: impl Into<Option<u64>>,
        limit: u64,
    ) -> Result<Bytes, FailureKind> {
        let object = ObjectRef::newest("key");
        read_bounded(&object, body(pieces, length), limit).await.map_err(|error| error.kind)
    }

    #[tokio::test]
    async fn a_body_has_the_announced_length_or_fails() {
        assert_eq!(read(Given(vec!["ab", "cd"]), 4, 4).await, Ok(Bytes::from("abcd")));
        assert_eq!(read(Given(vec![]), 0, 0).await, Ok(Bytes::new()));
        assert_eq!(read(Given(vec!["ab", "c"]), 4, 4).await, Err(FailureKind::Retryable), "cut short");
        assert_eq!(read(Given(vec!["ab", "cde"]), 4, 9).await, Err(FailureKind::BadAnswer), "endless");
    }

    #[tokio::test]
    async fn a_body_of_unannounced_length_is_read_to_its_end_and_never_past_the_limit() {
        assert_eq!(read(Given(vec!["ab", "cd"]), None, 4).await, Ok(Bytes::from("abcd")));
        assert_eq!(read(Given(vec!["ab", "cde"]), None, 4).await, Err(FailureKind::BadAnswer), "endless");
    }

    #[tokio::test]
    async fn a_known_length_holds_for_a_body_that_announces_none() {
        let object = ObjectRef::newest("key");
        for (pieces, expected) in [
            (vec!["ab", "cd"], Ok("abcd".to_owned())),
            (vec!["ab"], Err(FailureKind::Retryable)),
            (vec!["ab", "cde"], Err(FailureKind::BadAnswer)),
        ] {
            let stream =
                body(Given(pieces.clone()), None).of_length(&object, 4).expect("nothing is known yet");
            let read: Result<Vec<Bytes>, StoreError> = stream.try_collect().await;
            let read = read.map(|pieces| String::from_utf8_lossy(&pieces.concat()).into_owned());
            assert_eq!(read.map_err(|error| error.kind), expected, "{pieces:?}");
        }
        let other = body(Untouched, 5).of_length(&object, 4).map(drop);
        assert_eq!(
            other.map_err(|error| error.kind),
            Err(FailureKind::BadAnswer),
            "known before a byte came"
        );
    }

    #[tokio::test]
    async fn nothing_is_read_of_a_body_that_is_announced_too_long() {
        assert_eq!(read(Untouched, 5, 4).await, Err(FailureKind::BadAnswer));
    }

    #[tokio::test]
    async fn arriving_bytes_are_counted_whatever_was_announced() {
        let mut lying = body(Given(vec!["abcde"]), 5);
        lying.length = Some(4);
        let error = read_bounded(&ObjectRef::newest("key"), lying, 4).await.map_err(|error| error.kind);
        assert_eq!(error, Err(FailureKind::BadAnswer));
    }
}
