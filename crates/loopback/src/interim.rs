//! `100 Continue` for requests without a body.
//!
//! hyper sends it when a server begins to read a body, so never where the length is 0. That is
//! allowed (RFC 9110, section 10.1.1), but S3 sends it always, and the AWS CLI takes a final answer in
//! its place for a sign that the connection is broken, and waits for its timeout.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::body::Body;
use hyper::{Request, Version, header};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// Whether a connection's next answer is preceded by `100 Continue`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interim(Arc<AtomicBool>);

impl Interim {
    /// Notes what a request expects. A client that waits for an answer before it continues has read the
    /// previous one, so none of that is still being sent.
    pub(crate) fn note<B: Body>(&self, request: &Request<B>) {
        let expects = request.headers().get(header::EXPECT);
        let expects = expects.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
        if expects && request.version() == Version::HTTP_11 && request.body().is_end_stream() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// A connection that writes what its [`Interim`] asks for.
pub(crate) struct Connection {
    stream: TcpStream,
    interim: Interim,
    unsent: &'static [u8],
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, interim: Interim) -> Self {
        Self { stream, interim, unsent: &[] }
    }

    fn poll_interim(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.interim.0.swap(false, Ordering::Relaxed) {
            self.unsent = CONTINUE;
        }
        while !self.unsent.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, self.unsent))?;
            self.unsent = self.unsent.get(written..).unwrap_or_default();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_interim(context))?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_interim(context))?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
