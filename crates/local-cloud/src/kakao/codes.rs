//! Authorization codes: good once, for a short time, in memory only. A restart voids them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::names;

/// Codes at once. Past it no more are given until some have expired.
const MOST_CODES: usize = 10_000;

/// What the page was opened with, and who agreed.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) app: u64,
    pub(super) account: i64,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
    /// The S256 challenge.
    pub(super) challenge: Option<String>,
    /// Seconds since 1970.
    pub(super) authenticated: i64,
}

#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<String, (Instant, Grant)>>);

impl Codes {
    /// Makes a code, when there is room for one and the system has random bytes.
    pub(super) fn issue(&self, grant: Grant, lifetime: Duration) -> Option<String> {
        let code = names::secret(64).ok()?;
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        codes.retain(|_, (expires, _)| *expires > now);
        if codes.len() >= MOST_CODES {
            return None;
        }
        codes.insert(code.clone(), (now + lifetime, grant));
        Some(code)
    }

    /// Redeems a code. It is good for one attempt, whether that succeeds or fails.
    pub(super) fn redeem(&self, code: &str) -> Option<Grant> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (expires, grant) = codes.remove(code)?;
        (expires > Instant::now()).then_some(grant)
    }
}
