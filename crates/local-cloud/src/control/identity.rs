//! The part of Cognito Identity that logins need.
//!
//! Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/Welcome.html>

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::Response;
use hyper::http::request::Parts;
use rusqlite::{OptionalExtension, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::UserPool;
use super::aws_json::{self, Fault, parse};
use super::token::Claims;
use crate::clock;
use crate::error::StorageError;
use crate::index::Index;
use crate::keys::SigningKey;
use crate::names;
use crate::principals::{Principals, Role};
use crate::s3::REGION;
use crate::sigv4::{self, AuthError, Scope};
use crate::storage::Storage;

/// The name under which a client presents a token that the backend fetched.
const COGNITO: &str = "cognito-identity.amazonaws.com";

const TARGET: &str = "AWSCognitoIdentityService.";

const SCOPE: Scope = Scope { service: "cognito-identity", region: REGION };

/// How long a token lives when the backend does not say: 15 minutes. At most a day.
const TOKEN_SECONDS: i64 = 15 * 60;
const MOST_TOKEN_SECONDS: i64 = 24 * 60 * 60;

/// How long one lives that a player fetches.
const OPEN_ID_TOKEN_SECONDS: i64 = 10 * 60;

/// The one identity pool.
pub(crate) struct IdentityPool {
    pub(crate) storage: Arc<Storage>,
    pub(crate) principals: Principals,
    pub(crate) key: SigningKey,
    /// The user pool, as a login provider of this one.
    pub(crate) users: Arc<UserPool>,
    /// `<region>:<uuid>`.
    pub(crate) id: String,
    /// The name of the backend as a login provider.
    pub(crate) developer_provider: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetId {
    identity_pool_id: String,
    #[serde(default)]
    logins: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfIdentity {
    identity_id: String,
    #[serde(default)]
    logins: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetDeveloperToken {
    identity_pool_id: String,
    identity_id: Option<String>,
    logins: BTreeMap<String, String>,
    token_duration: Option<i64>,
}

/// The player that a login of a request identifies.
struct Vouched {
    identity: String,
    /// The login provider and the user there, for the claim `amr`. None where a token of this pool
    /// itself was shown: it gets keys, but not another token, or it could be prolonged for ever.
    by: Option<(String, String)>,
}

impl IdentityPool {
    /// Answers one request.
    pub(super) fn answer(&self, target: &str, request: &Parts, body: &[u8]) -> Response<Full<Bytes>> {
        let answer = match target.strip_prefix(TARGET) {
            Some("GetId") => self.get_id(body),
            Some("GetCredentialsForIdentity") => self.get_credentials(body),
            Some("GetOpenIdTokenForDeveloperIdentity") => self.get_developer_token(request, body),
            Some("GetOpenIdToken") => self.get_open_id_token(body),
            _ => Err(Fault::unknown_operation()),
        };
        aws_json::answer(answer)
    }

    /// The public keys to check the tokens with.
    pub(super) fn keys(&self) -> Response<Full<Bytes>> {
        aws_json::keys(self.key.jwks())
    }

    /// The identity of a login. Guests have none: the pool does not allow them.
    fn get_id(&self, body: &[u8]) -> Result<Value, Fault> {
        let input: GetId = parse(body)?;
        self.require_pool(&input.identity_pool_id)?;
        Ok(json!({"IdentityId": self.vouched(&input.logins)?.identity}))
    }

    fn get_credentials(&self, body: &[u8]) -> Result<Value, Fault> {
        let vouched = self.vouched_identity(&parse(body)?)?;
        let session = self.principals.issue(&vouched.identity)?;
        Ok(json!({
            "IdentityId": vouched.identity,
            "Credentials": {
                "AccessKeyId": session.access_key,
                "SecretKey": session.secret,
                "SessionToken": session.token,
                "Expiration": session.expires / 1000,
            },
        }))
    }

    /// What the services take, for a player whom a login provider of the pool vouches for.
    fn get_open_id_token(&self, body: &[u8]) -> Result<Value, Fault> {
        let vouched = self.vouched_identity(&parse(body)?)?;
        let Some((provider, user)) = vouched.by else {
            return Err(Fault::not_authorized(
                "Token is not from a supported provider of this identity pool.",
            ));
        };
        let amr = (provider.as_str(), format!("{provider}:CognitoSignIn:{user}"));
        let times = (clock::now() / 1000, OPEN_ID_TOKEN_SECONDS);
        let token = self.key.sign(&Claims::new(&vouched.identity, &self.id, amr, times))?;
        Ok(json!({"IdentityId": vouched.identity, "Token": token}))
    }

    /// For the backend alone: it says who the player is, so its signature is checked.
    fn get_developer_token(&self, request: &Parts, body: &[u8]) -> Result<Value, Fault> {
        match sigv4::verify(&self.principals, SCOPE, request, body)? {
            Role::Publisher => {}
            Role::Player => return Err(denied()),
        }
        let input: GetDeveloperToken = parse(body)?;
        self.require_pool(&input.identity_pool_id)?;
        let user = self.developer_user(&input.logins)?;
        let lifetime = input.token_duration.unwrap_or(TOKEN_SECONDS);
        if !(1..=MOST_TOKEN_SECONDS).contains(&lifetime) {
            return Err(Fault::invalid("TokenDuration is 1 to 86400 seconds."));
        }
        let identity = self.storage.index.identity_of(&self.developer_provider, user, REGION)?;
        if input.identity_id.is_some_and(|wanted| wanted != identity) {
            let message = "The developer user belongs to another identity.";
            return Err(Fault::new("ResourceConflictException", message));
        }
        let now = clock::now() / 1000;
        let detail = format!("{}:{}:{user}", self.developer_provider, self.id);
        let amr = (self.developer_provider.as_str(), detail);
        let claims = Claims::new(&identity, &self.id, amr, (now, lifetime));
        let token = self.key.sign(&claims)?;
        Ok(json!({"IdentityId": identity, "Token": token}))
    }

    fn developer_user<'a>(&self, logins: &'a BTreeMap<String, String>) -> Result<&'a str, Fault> {
        match logins.get(&self.developer_provider) {
            Some(user) if logins.len() == 1 && !user.is_empty() => Ok(user),
            _ => Err(Fault::invalid(format!(
                "Logins must hold exactly one user of {:?}.",
                self.developer_provider
            ))),
        }
    }

    fn require_pool(&self, pool: &str) -> Result<(), Fault> {
        match pool == self.id {
            true => Ok(()),
            false => {
                Err(Fault::new("ResourceNotFoundException", format!("IdentityPool '{pool}' not found.")))
            }
        }
    }

    /// The identity of a request, if its login is one of that identity.
    fn vouched_identity(&self, input: &OfIdentity) -> Result<Vouched, Fault> {
        if !self.storage.index.has_identity(&input.identity_id)? {
            let message = format!("Identity '{}' not found.", input.identity_id);
            return Err(Fault::new("ResourceNotFoundException", message));
        }
        let vouched = self.vouched(&input.logins)?;
        match vouched.identity == input.identity_id {
            true => Ok(vouched),
            false => {
                let message = format!("Access to Identity '{}' is forbidden.", input.identity_id);
                Err(Fault::not_authorized(message))
            }
        }
    }

    fn vouched(&self, logins: &BTreeMap<String, String>) -> Result<Vouched, Fault> {
        let users = self.users.provider();
        match logins.iter().next() {
            None => {
                Err(Fault::not_authorized("Unauthenticated access is not supported for this identity pool."))
            }
            Some(_) if logins.len() > 1 => Err(Fault::invalid("this stand-in takes one login at a time")),
            Some((name, token)) if name == COGNITO => {
                Ok(Vouched { identity: self.read_token(token)?.sub, by: None })
            }
            Some((name, token)) if *name == users => {
                let user = self.users.owner_of_id_token(token)?;
                let identity = self.storage.index.identity_of(&users, &user, REGION)?;
                Ok(Vouched { identity, by: Some((users, user)) })
            }
            Some(_) => {
                Err(Fault::not_authorized("Token is not from a supported provider of this identity pool."))
            }
        }
    }

    /// Reads a token that this pool gave out.
    fn read_token(&self, token: &str) -> Result<Claims, Fault> {
        let claims: Claims = self.key.read(token).ok_or_else(|| {
            Fault::not_authorized("Invalid login token. Not a valid OpenId Connect identity token.")
        })?;
        if claims.aud != self.id {
            return Err(Fault::not_authorized("Invalid login token. Incorrect token audience."));
        }
        let now = clock::now() / 1000;
        if claims.exp <= now {
            let message = format!("Invalid login token. Token expired: {now} >= {}", claims.exp);
            return Err(Fault::not_authorized(message));
        }
        Ok(claims)
    }
}

fn denied() -> Fault {
    let message = "User is not authorized to perform: \
                   cognito-identity:GetOpenIdTokenForDeveloperIdentity";
    Fault::new("AccessDeniedException", message)
}

impl From<AuthError> for Fault {
    fn from(error: AuthError) -> Self {
        let kind = match error {
            AuthError::Anonymous => "MissingAuthenticationTokenException",
            AuthError::Incomplete(_) => "IncompleteSignatureException",
            AuthError::UnknownKey => "UnrecognizedClientException",
            AuthError::WrongSignature | AuthError::Skewed => "InvalidSignatureException",
            AuthError::Expired => "ExpiredTokenException",
            AuthError::Storage(error) => return error.into(),
        };
        Fault::new(kind, error.to_string())
    }
}

impl Index {
    /// The identity of a backend's user; the same one for ever.
    fn identity_of(&self, provider: &str, user: &str, region: &str) -> Result<String, StorageError> {
        self.write(|db| {
            db.execute(
                "INSERT OR IGNORE INTO identity (id, provider, user) VALUES (?1, ?2, ?3)",
                params![format!("{region}:{}", names::uuid()), provider, user],
            )?;
            Ok(db.query_row(
                "SELECT id FROM identity WHERE provider = ?1 AND user = ?2",
                params![provider, user],
                |row| row.get(0),
            )?)
        })
    }

    fn has_identity(&self, id: &str) -> Result<bool, StorageError> {
        self.read(|db| {
            db.query_row("SELECT 1 FROM identity WHERE id = ?1", [id], |_| Ok(()))
                .optional()
                .map(|found| found.is_some())
        })
    }
}
