//! The login, put together from addresses and credentials: production and a local cloud differ in
//! nothing else.

use std::sync::Arc;

use aws_sdk_cognitoidentity::Client;
use url::Url;

use super::cognito_identities::CognitoIdentities;
use super::{Accounts, ProviderHttp, Providers};
use crate::platform::{BoundedHttp, CognitoTokens, KeySets, SystemClock, TokenVerifier};

/// Where players log in, and who vouches for them.
pub struct LoginPlaces {
    /// What asks the providers, and Cognito for its keys.
    pub http: BoundedHttp,
    /// The providers, with the studio's app at each.
    pub providers: Providers,
    /// Cognito, with credentials that may vouch for players of the pool.
    pub cognito: Client,
    /// Where Cognito publishes its keys: its own address, or that of a stand-in.
    pub cognito_url: Url,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The name of this service as a login provider of the pool.
    pub developer_provider: String,
}

/// The accounts service, and the check of the tokens that it hands out.
#[derive(Clone)]
pub struct Login {
    /// Logs players in.
    pub accounts: Accounts,
    /// What every service checks its requests with.
    pub tokens: Arc<dyn TokenVerifier>,
}

/// Why there is no login.
#[derive(Debug, thiserror::Error)]
pub enum LoginSetupError {
    /// Nothing can be below Cognito's address.
    #[error("Cognito's address: {0}")]
    Address(#[from] url::ParseError),
}

impl Login {
    /// Assembles the login, without any request.
    pub fn open(places: LoginPlaces) -> Result<Login, LoginSetupError> {
        let http = places.http;
        let keys = KeySets::new(http.clone());
        let clock = Arc::new(SystemClock);
        let pool = &places.identity_pool;
        let tokens = CognitoTokens::new(keys.clone(), &places.cognito_url, pool, clock.clone())?;
        let identities = CognitoIdentities::new(places.cognito, pool, &places.developer_provider);
        let providers = ProviderHttp::new(http, keys);
        let accounts = Accounts::new(places.providers, providers, Arc::new(identities), clock);
        Ok(Login { accounts, tokens: Arc::new(tokens) })
    }
}
