//! What a provider has refused for good, so that it is not asked again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::LoginError;

/// A used code and an expired token never become good again; this is how long they are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_mins(10);

/// A few hundred kilobytes.
const MOST: usize = 4096;

/// Refusals of late, by the digest of what was sent: no secret is kept.
#[derive(Debug, Default)]
pub(super) struct RefusedLogins {
    refused: Mutex<HashMap<[u8; 32], (Timestamp, LoginError)>>,
}

/// What a provider is asked, in parts.
pub(super) fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        // With its length, or two requests could be cut into the same text.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

impl RefusedLogins {
    /// Why the same request was refused before.
    pub(super) fn find(&self, request: &[u8; 32], now: Timestamp) -> Option<LoginError> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        refused.get(request).filter(|(at, _)| is_remembered(*at, now)).map(|(_, error)| error.clone())
    }

    /// Remembers a refusal that the provider will repeat for ever. A fault of the provider's or of ours may
    /// be over in a moment, and is not remembered. Nor is the refusal of a refresh token, which logs a player
    /// out: only the provider's own word does that.
    pub(super) fn remember(&self, request: [u8; 32], error: &LoginError, now: Timestamp) {
        let is_final = matches!(error, LoginError::Code(_) | LoginError::AccessToken(_));
        if !is_final {
            return;
        }
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.len() >= MOST {
            refused.retain(|_, (at, _)| is_remembered(*at, now));
        }
        // Flood: more made-up codes than there is room for. The rate limits stop that.
        if refused.len() < MOST {
            refused.insert(request, (now, error.clone()));
        }
    }
}

fn is_remembered(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).abs() < REMEMBERED
}
