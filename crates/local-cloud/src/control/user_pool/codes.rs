//! Confirmation codes. None is kept: each follows from a key of the data folder, the account and the
//! time at which it was sent.

use std::fmt::Write;
use std::time::Duration;

use bytes::Bytes;
use hmac::Mac;
use http_body_util::Full;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::UserPool;
use super::users::User;
use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::sigv4::hmac;

const GUARDS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

pub(super) struct Codes {
    master: Vec<u8>,
    lifetime: Millis,
}

impl Codes {
    pub(super) fn new(master: Vec<u8>, lifetime: Duration) -> Codes {
        Codes { master, lifetime: Millis::try_from(lifetime.as_millis()).unwrap_or(Millis::MAX) }
    }

    /// Six digits.
    pub(super) fn of(&self, user: &User) -> String {
        let text = format!("confirm {} {}", user.sub, user.code_sent);
        let tag = hmac(&self.master, &text).finalize().into_bytes();
        let number = tag.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }

    pub(super) fn is_over(&self, user: &User) -> bool {
        clock::now() - user.code_sent >= self.lifetime
    }
}

impl UserPool {
    /// The mails to those who have not confirmed their address yet, the newest first.
    pub(in crate::control) fn inbox(&self) -> Response<Full<Bytes>> {
        let mut response = Response::default();
        match self.mails() {
            Ok(mails) => *response.body_mut() = Full::new(mails.into()),
            Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        }
        for (name, value) in GUARDS {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }

    fn mails(&self) -> Result<String, StorageError> {
        let users = self.storage.index.unconfirmed_users()?;
        Ok(users.into_iter().fold(String::new(), |mut mails, user| {
            let sent = clock::iso_date(user.code_sent);
            let _ =
                writeln!(mails, "{sent} {} Your confirmation code is {}", user.email, self.codes.of(&user));
            mails
        }))
    }
}
