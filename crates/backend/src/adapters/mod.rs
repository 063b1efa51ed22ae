//! What the ports are made of here.

mod bounded_http;
mod cognito_identities;
mod cognito_tokens;
mod dynamodb;
mod facebook_api;
mod kakao_api;
mod key_sets;
mod provider_http;
mod quickjs;
mod signed_token;
mod sqlite;

pub use bounded_http::BoundedHttp;
pub use cognito_identities::CognitoIdentities;
pub use cognito_tokens::CognitoTokens;
pub use dynamodb::{DynamoDb, StreamBatch, StreamError, Tables};
pub use key_sets::KeySets;
pub use provider_http::ProviderHttp;
pub use quickjs::{EngineLimits, ModuleError, QuickJs};
pub use sqlite::Database;
