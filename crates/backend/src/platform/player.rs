//! Who plays.

use std::fmt;

use sha2::{Digest, Sha256};

/// The longest id. Cognito's identity ids have at most 55 characters, its user-pool ids 36.
const MAX_LENGTH: usize = 128;

/// A player, as the verified token names them. Never shown to other players.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerId(String);

/// Text that is not a player's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a player's id has 1 to {MAX_LENGTH} letters, digits and `:` `-` `_` `.`")]
pub struct PlayerIdError;

impl PlayerId {
    /// Takes an id that a token named.
    pub fn parse(id: &str) -> Result<PlayerId, PlayerIdError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b":-_.".contains(&byte);
        match (1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(allowed) {
            true => Ok(PlayerId(id.to_owned())),
            false => Err(PlayerIdError),
        }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Eight hex digits for others to see: the same for ever, and no way back to the id.
    pub fn tag(&self) -> String {
        hex::encode(&Sha256::digest(format!("naru player tag\n{}", self.0))[..4])
    }
}

impl fmt::Display for PlayerId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
