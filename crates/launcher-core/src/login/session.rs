//! What a login has brought: a player, and a token for a while.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use naru_protocol::OpenIdToken;
use serde::{Deserialize, Serialize};

use crate::view::Player;

/// A player's login. `Debug` prints nothing of the token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) player: Player,
    pub(crate) token: OpenIdToken,
    pub(crate) expires_at: Timestamp,
}

impl Session {
    pub(crate) fn is_expired(&self) -> bool {
        Timestamp::now() >= self.expires_at
    }

    /// Makes the services' refusal count, whatever the clock of this machine says.
    pub(crate) fn expire(&mut self) {
        self.expires_at = self.expires_at.min(Timestamp::now());
    }
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
}

/// Until when a token is good, as it says itself. Only the services judge a token; here it is read
/// to know when to ask for another.
pub(crate) fn expiry(token: &OpenIdToken) -> Option<Timestamp> {
    let claims = token.expose().split('.').nth(1)?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Timestamp::from_second(claims.exp).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_itself_how_long_it_is_good() {
        let token = |claims: &str| OpenIdToken::new(format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims)));
        assert_eq!(expiry(&token(r#"{"exp":60}"#)), Timestamp::from_second(60).ok());
        for bad in ["{}", r#"{"exp":"soon"}"#, "x"] {
            assert_eq!(expiry(&token(bad)), None, "{bad}");
        }
        assert_eq!(expiry(&OpenIdToken::new("no token")), None);
    }
}
