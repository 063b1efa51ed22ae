//! A stand-in for a Cognito user pool: accounts with an address and a password.
//!
//! The pool is set up as `infra/user_pool.tf` does it: the address is the name, upper and lower case
//! are the same, a password has ten characters, answers do not reveal whether an address has an account. No
//! mail is sent: the codes are in the inbox.
//!
//! Source: <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html>

mod codes;
mod password;
mod sign_in;
mod sign_up;
mod tokens;
mod users;

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use naru_backend::accounts::Registration;
use serde_json::Value;
use tokio::task::spawn_blocking;

use self::codes::Codes;
use super::aws_json::{self, Fault, parse};
use crate::config::Config;
use crate::error::StorageError;
use crate::keys::SigningKey;
use crate::s3::REGION;
use crate::storage::Storage;

pub(super) const TARGET: &str = "AWSCognitoIdentityProviderService.";

/// Where a developer reads the codes that AWS would send by mail.
pub(super) const INBOX: &str = "/user-pool/inbox";

/// The one user pool, and its one app.
pub(crate) struct UserPool {
    storage: Arc<Storage>,
    key: SigningKey,
    codes: Codes,
    /// `<region>_<name>`.
    id: String,
    /// The app's client id. It has no secret: inside a launcher it would be none.
    client: String,
    /// Whom the pool calls once an address is confirmed.
    registration: Registration,
}

impl UserPool {
    /// The pool of a configuration; the key signs its tokens, the master makes its codes.
    pub(crate) fn new(
        config: &Config,
        storage: &Arc<Storage>,
        key: SigningKey,
        master: Vec<u8>,
        registration: Registration,
    ) -> UserPool {
        UserPool {
            storage: Arc::clone(storage),
            key,
            codes: Codes::new(master, config.confirmation_lifetime),
            id: config.user_pool.clone(),
            client: config.user_pool_client.clone(),
            registration,
        }
    }

    /// Answers one request, on a separate thread: hashing a password is slow on purpose.
    pub(super) async fn answer(self: &Arc<Self>, target: &str, body: Bytes) -> Response<Full<Bytes>> {
        let operation = target.strip_prefix(TARGET).unwrap_or_default().to_owned();
        let pool = Arc::clone(self);
        let result = spawn_blocking(move || pool.operate(&operation, &body)).await;
        aws_json::answer(result.unwrap_or_else(|error| Err(StorageError::from(error).into())))
    }

    fn operate(&self, operation: &str, body: &[u8]) -> Result<Value, Fault> {
        match operation {
            "SignUp" => self.sign_up(&parse(body)?),
            "ConfirmSignUp" => self.confirm_sign_up(&parse(body)?),
            "ResendConfirmationCode" => self.resend_code(&parse(body)?),
            "InitiateAuth" => self.initiate_auth(&parse(body)?),
            "GetUser" => self.get_user(&parse(body)?),
            _ => Err(Fault::unknown_operation()),
        }
    }

    /// The keys that its tokens can be checked with.
    pub(super) fn keys(&self) -> Response<Full<Bytes>> {
        aws_json::keys(self.key.jwks())
    }

    /// Where AWS publishes those keys, below the pool's own address.
    pub(super) fn keys_path(&self) -> String {
        format!("/{}/.well-known/jwks.json", self.id)
    }

    /// The name of the pool as a login provider of an identity pool.
    pub(super) fn provider(&self) -> String {
        format!("cognito-idp.{REGION}.amazonaws.com/{}", self.id)
    }

    fn require_client(&self, client: &str) -> Result<(), Fault> {
        match client == self.client {
            true => Ok(()),
            false => {
                let message = format!("User pool client {client} does not exist.");
                Err(Fault::new("ResourceNotFoundException", message))
            }
        }
    }
}
