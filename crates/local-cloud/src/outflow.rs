//! Blobs on their way to a client.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::{FutureExt, Stream, StreamExt, stream};
use s3s::stream::{ByteStream, RemainingLength};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::error::StorageError;
use crate::storage::Storage;

/// Bytes in one read. Large enough that hand-overs between threads do not show at 2 GB/s.
const CHUNK: u64 = 512 << 10;

/// Answers up to this many bytes are read at once, on the thread that asked: from the page cache
/// that takes less time than asking another thread.
const AT_ONCE: u64 = 128 << 10;

/// The bytes of an answer.
pub(crate) enum Outflow {
    Whole(Bytes),
    Chunks(Chunks),
}

impl Outflow {
    /// The same bytes as a stream.
    pub(crate) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> + Unpin + Send {
        let (whole, chunks) = match self {
            Outflow::Whole(bytes) => (Some(Ok(bytes)), None),
            Outflow::Chunks(chunks) => (None, Some(chunks)),
        };
        stream::iter(whole).chain(stream::iter(chunks).flatten())
    }
}

/// Opens `range` of a blob.
pub(crate) fn open(storage: &Storage, blob: &str, range: Range<u64>) -> Result<Outflow, StorageError> {
    let mut file = storage.blobs.open_blob(blob)?;
    let length = range.end - range.start;
    let failed = |source| StorageError::Io { path: blob.into(), source };
    if range.start > 0 {
        file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
    }
    if length <= AT_ONCE {
        return Ok(Outflow::Whole(read(&mut file, length).map_err(failed)?));
    }
    Ok(Outflow::Chunks(Chunks { state: State::Reading(read_elsewhere(file, length)), left: length }))
}

/// A stream of chunks; the next one is read while the client takes this one.
pub(crate) struct Chunks {
    state: State,
    left: u64,
}

enum State {
    Reading(JoinHandle<(File, io::Result<Bytes>)>),
    Done,
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let State::Reading(reading) = &mut self.state else {
            return Poll::Ready(None);
        };
        let read = std::task::ready!(reading.poll_unpin(context));
        self.state = State::Done;
        let (file, bytes) = read.map_err(io::Error::other)?;
        let bytes = bytes?;
        self.left -= bytes.len() as u64;
        if self.left > 0 {
            self.state = State::Reading(read_elsewhere(file, self.left));
        }
        Poll::Ready(Some(Ok(bytes)))
    }
}

/// With a known length the answer has a Content-Length and no chunked encoding.
impl ByteStream for Chunks {
    fn remaining_length(&self) -> RemainingLength {
        usize::try_from(self.left).map_or_else(|_| RemainingLength::unknown(), RemainingLength::new_exact)
    }
}

fn read_elsewhere(mut file: File, left: u64) -> JoinHandle<(File, io::Result<Bytes>)> {
    spawn_blocking(move || {
        let bytes = read(&mut file, left.min(CHUNK));
        (file, bytes)
    })
}

fn read(file: &mut File, length: u64) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(bytes.into())
    } else {
        // The file was truncated from outside; the client must not take it for complete.
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
