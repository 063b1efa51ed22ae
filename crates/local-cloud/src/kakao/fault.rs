//! Refusals in Kakao's words.
//!
//! `kauth` names a KOE code, `kapi` a number. Source:
//! <https://developers.kakao.com/docs/latest/en/kakaologin/trouble-shooting>

use hyper::StatusCode;
use serde_json::json;

use super::{Answer, answer};
use crate::error::StorageError;

/// Why `kauth` gives no tokens, or no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AuthFault {
    /// A redirect address that the app has not registered.
    UnknownRedirect,
    /// No such app.
    UnknownApp,
    /// A wrong client secret, or none.
    WrongSecret,
    /// Another redirect address than the page was opened with.
    OtherRedirect,
    /// A code that was used, has expired, or never was.
    NoSuchCode,
    /// A code presented by a client that did not begin the login. Kakao's error code for this is not
    /// documented; it is treated as an unusable code.
    WrongVerifier,
    /// No refresh token in the request.
    NoRefreshToken,
    /// A refresh token that has expired or never was.
    WrongRefreshToken,
    /// Something that is missing or not supported.
    Malformed(&'static str),
    /// The disk refused.
    Storage,
}

impl AuthFault {
    /// Status, OAuth's code, Kakao's code, description.
    fn parts(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Self::UnknownRedirect => (400, "invalid_request", "KOE006", "Not registered redirect_uri."),
            Self::UnknownApp => (401, "invalid_client", "KOE101", "Not exist client_id."),
            Self::WrongSecret => (401, "invalid_client", "KOE010", "Bad client credentials"),
            Self::OtherRedirect => (400, "invalid_grant", "KOE303", "Redirect URI mismatch."),
            Self::NoSuchCode => (400, "invalid_grant", "KOE320", "authorization code not found"),
            Self::WrongVerifier => (400, "invalid_grant", "KOE320", "code_verifier does not match"),
            Self::NoRefreshToken => (400, "invalid_request", "KOE319", "Not exist refresh_token."),
            Self::WrongRefreshToken => (400, "invalid_grant", "KOE322", "expired_or_invalid_refresh_token"),
            Self::Malformed(what) => (400, "invalid_request", "KOE001", what),
            Self::Storage => (500, "server_error", "KOE009", "the data folder could not be used"),
        }
    }

    /// The body of `/oauth/token`.
    pub(super) fn answer(self) -> Answer {
        let (status, error, code, description) = self.parts();
        let body = json!({"error": error, "error_description": description, "error_code": code});
        answer::json(StatusCode::from_u16(status).unwrap_or_default(), &body)
    }

    /// Code and description, for the page that a person sees.
    pub(super) fn words(self) -> (&'static str, &'static str) {
        let (_, _, code, description) = self.parts();
        (code, description)
    }
}

impl From<StorageError> for AuthFault {
    fn from(_: StorageError) -> Self {
        AuthFault::Storage
    }
}

/// Why `kapi` does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApiFault {
    NoToken,
    UnknownToken,
    ExpiredToken,
    MissingScope,
    Storage,
}

impl ApiFault {
    pub(super) fn answer(self) -> Answer {
        let (status, code, message) = match self {
            Self::NoToken => (401, -401, "authentication key must exist in header"),
            Self::UnknownToken => (401, -401, "this access token does not exist"),
            Self::ExpiredToken => (401, -401, "this access token is already expired"),
            Self::MissingScope => (403, -402, "insufficient scopes."),
            Self::Storage => (500, -1, "the data folder could not be used"),
        };
        let body = json!({"msg": message, "code": code});
        answer::json(StatusCode::from_u16(status).unwrap_or_default(), &body)
    }
}

impl From<StorageError> for ApiFault {
    fn from(_: StorageError) -> Self {
        ApiFault::Storage
    }
}
