//! Proof Key for Code Exchange (RFC 7636), method S256.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::secret::{CodeVerifier, Nonce, State};

/// What a provider's page is opened with: it tells nothing of the verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge(String);

impl CodeVerifier {
    /// Makes a verifier of the system's random bytes. 32 of them are what RFC 7636 asks for.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self::new(text(&bytes))
    }

    /// The S256 challenge.
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge(text(&Sha256::digest(self.expose())))
    }
}

impl State {
    /// Makes a state of the system's random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self::new(text(&bytes))
    }

    /// Whether a redirect carries this state.
    pub fn is(&self, other: &str) -> bool {
        same(self.expose(), other)
    }
}

impl Nonce {
    /// Makes a nonce of the system's random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self::new(text(&bytes))
    }

    /// Whether an ID token carries this nonce.
    pub fn is(&self, other: &str) -> bool {
        same(self.expose(), other)
    }
}

impl fmt::Display for CodeChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Digests are compared, so that the time taken says nothing of where two texts differ.
fn same(one: &str, other: &str) -> bool {
    Sha256::digest(one) == Sha256::digest(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_the_rfc() {
        // RFC 7636, appendix B.
        let verifier = CodeVerifier::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(verifier.challenge().to_string(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_of_random_bytes_has_the_length_that_the_rfc_asks_for() {
        assert_eq!(CodeVerifier::from_random([255; 32]).expose().len(), 43);
    }

    #[test]
    fn a_state_is_itself_alone() {
        let state = State::from_random([7; 32]);
        assert!(state.is(state.expose()));
        assert!(!state.is(State::from_random([8; 32]).expose()));
        assert!(!state.is(""));
    }
}
