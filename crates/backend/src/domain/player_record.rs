//! What the services keep of a player with an account of our own.

use jiff::Timestamp;

use super::PlayerId;

/// Made once, when the address is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayerRecord {
    /// The account's `sub` in the user pool. (His scores hang on the identity, as everybody's do.)
    pub account: PlayerId,
    /// The confirmed address. Never shown to other players.
    pub email: String,
    /// When.
    pub created_at: Timestamp,
}
