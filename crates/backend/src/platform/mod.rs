//! What all services share: the clock, the check of tokens, allowances, problems, the router's frame, and
//! the basics of an SQLite file and of DynamoDB's tables. A service builds on it, and it knows no service.

mod allowances;
mod bounded_http;
mod clock;
mod contended;
pub(crate) mod dynamodb;
pub(crate) mod http;
mod player;
pub(crate) mod sqlite;
mod store_error;
pub(crate) mod tokens;

use std::sync::Arc;

pub use allowances::{AllowanceError, AllowanceStore, Allowances, Requester};
pub(crate) use allowances::{Quota, SCHEMA};
pub(crate) use bounded_http::send;
pub use bounded_http::{BoundedHttp, ProviderError, ProviderRefusal};
pub use clock::{Clock, SystemClock};
pub use contended::Contended;
pub use dynamodb::{DynamoDb, Tables};
pub use http::{ClientAddress, ProblemResponse, router};
pub use player::{PlayerId, PlayerIdError};
pub use sqlite::Database;
pub use store_error::StoreError;
pub use tokens::{CognitoTokens, KeySets, SignedTokenError, TokenError, TokenVerifier};

/// What a host hands to each service whose players are logged in.
#[derive(Clone)]
pub struct Platform {
    /// Who sends a request.
    pub tokens: Arc<dyn TokenVerifier>,
    /// How many requests are allowed.
    pub allowances: Allowances,
    /// The time.
    pub clock: Arc<dyn Clock>,
}
