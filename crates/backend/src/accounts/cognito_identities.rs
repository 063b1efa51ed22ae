//! Identities from Cognito, which takes our word for who a player is.

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_cognitoidentity::Client;
use aws_sdk_cognitoidentity::error::{ProvideErrorMetadata, SdkError};
use naru_protocol::OpenIdToken;
use tokio::time::timeout;

use super::{IdentityError, PlayerIdentities, PlayerToken};

/// How long a player's token lives; at most 86,400. The client logs in again with its refresh
/// material.
const TOKEN_SECONDS: i64 = 60 * 60;

/// All tries of the SDK together. A provider's answers are waited for before (`Accounts`), and the
/// function `accounts` has 20 seconds for both.
const PATIENCE: Duration = Duration::from_secs(5);

/// An identity pool, and the name that we have as a provider there.
#[derive(Debug, Clone)]
pub(super) struct CognitoIdentities {
    client: Client,
    pool: String,
    developer_provider: String,
}

impl CognitoIdentities {
    /// Uses a client that may call `GetOpenIdTokenForDeveloperIdentity` on the pool.
    pub(super) fn new(client: Client, pool: &str, developer_provider: &str) -> CognitoIdentities {
        CognitoIdentities { client, pool: pool.to_owned(), developer_provider: developer_provider.to_owned() }
    }
}

#[async_trait]
impl PlayerIdentities for CognitoIdentities {
    async fn token_for(&self, developer_user: &str) -> Result<PlayerToken, IdentityError> {
        let request = self
            .client
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(&self.pool)
            .logins(&self.developer_provider, developer_user)
            .token_duration(TOKEN_SECONDS)
            .send();
        let answer = timeout(PATIENCE, request).await.map_err(|_| IdentityError::Down)?.map_err(refused)?;
        match (answer.identity_id, answer.token) {
            (Some(identity_id), Some(token)) => {
                Ok(PlayerToken { identity_id, token: OpenIdToken::new(token) })
            }
            _ => Err(IdentityError::Refused("it named no identity".to_owned())),
        }
    }
}

fn refused<E: ProvideErrorMetadata, R>(error: SdkError<E, R>) -> IdentityError {
    match error.as_service_error().map(|error| error.code().unwrap_or("unknown")) {
        None => IdentityError::Down,
        Some("TooManyRequestsException") => IdentityError::Busy,
        Some(code) => IdentityError::Refused(code.to_owned()),
    }
}
