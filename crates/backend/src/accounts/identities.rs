//! The identities under which the services know players.

use async_trait::async_trait;
use naru_protocol::OpenIdToken;

use super::IdentityError;

/// An identity and the proof of it.
#[derive(Debug, Clone)]
pub struct PlayerToken {
    /// The same for a player for ever.
    pub identity_id: String,
    /// What the player shows.
    pub token: OpenIdToken,
}

/// Gives players their identities.
#[async_trait]
pub trait PlayerIdentities: Send + Sync {
    /// The identity of a player that we vouch for.
    async fn token_for(&self, developer_user: &str) -> Result<PlayerToken, IdentityError>;
}
