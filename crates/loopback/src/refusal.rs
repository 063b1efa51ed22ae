//! Why a request is not answered.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

/// What a request had that no answered request has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was sent to another name than the server's.
    #[error("this server answers to localhost, 127.0.0.1 and [::1] at its own port only")]
    Host,
    /// A page of another origin caused it.
    #[error("web pages of other origins may not use this server")]
    ForeignPage,
    /// It is a WebSocket handshake.
    #[error("this server has no WebSocket")]
    WebSocket,
    /// It is a form with files.
    #[error("this server takes no form uploads")]
    FormUpload,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            // The request was meant for another server (RFC 9110, section 15.5.20).
            Refusal::Host => StatusCode::MISDIRECTED_REQUEST,
            Refusal::ForeignPage | Refusal::WebSocket | Refusal::FormUpload => StatusCode::FORBIDDEN,
        }
    }

    /// The answer with the reason, readable with `curl`. A page cannot read it.
    pub(crate) fn answer(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(format!("{self}\n"))));
        *response.status_mut() = self.status();
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
