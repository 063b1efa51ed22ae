//! The accounts service: players log in at a provider, and Cognito takes our word for who they are.
//!
//! [`Login`] puts it together; [`Accounts`] checks what a provider says; the rows of the providers are
//! [`Provider`]s. [`Registration`] keeps the records of players with an account of our own.

mod cognito_identities;
mod dynamodb;
mod error;
mod identities;
mod login;
mod problems;
mod providers;
mod refused_logins;
mod registration;
mod requests;
mod setup;
mod sqlite;
mod store;

pub use error::{IdentityError, LoginError};
pub use identities::{PlayerIdentities, PlayerToken};
pub use login::Accounts;
pub use providers::{App, EndpointError, KakaoHosts, Provider, ProviderHttp, Providers};
pub use registration::Registration;
pub use requests::routes;
pub use setup::{Login, LoginPlaces, LoginSetupError};
pub use store::{PlayerRecord, PlayerRecords};

/// The tables of the SQLite file.
pub(crate) const SCHEMA: &str = include_str!("schema.sql");
