//! Who may do what: the publisher, and players with temporary keys.
//!
//! The publisher's keys are made for the data folder, and so are good for no other one.

use std::fmt;
use std::sync::Arc;

use hmac::Mac;
use rusqlite::{OptionalExtension, params};

use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::names;
use crate::sigv4::hmac;
use crate::storage::Storage;

/// A pair of long-term keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
}

impl Credentials {
    /// The publisher's keys, which follow from a secret of the data folder.
    pub(crate) fn publisher(master: &[u8]) -> Credentials {
        let mut access_key_id = format!("AKIA{}", derived(master, "access key").to_uppercase());
        access_key_id.truncate(ACCESS_KEY_LENGTH);
        let mut secret_access_key = derived(master, "secret key");
        secret_access_key.truncate(SECRET_LENGTH);
        Credentials { access_key_id, secret_access_key }
    }
}

/// Without the secret, which a log would keep.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// How long a player's keys live: one hour, as Cognito's do.
const SESSION_LIFETIME: Millis = 60 * 60 * 1000;

/// Characters of an access key, as with AWS.
const ACCESS_KEY_LENGTH: usize = 20;

/// Characters of a secret key, as with AWS.
const SECRET_LENGTH: usize = 40;

/// A session token is this many times 64 characters; real ones are some hundred as well.
const TOKEN_PARTS: usize = 4;

/// The role of a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// May do everything.
    Publisher,
    /// Holds no right on the bucket, the distribution or the pool's developer calls.
    Player,
}

/// A known key, before its session token is checked.
#[derive(Debug, Clone)]
pub(crate) struct Principal {
    pub(crate) role: Role,
    pub(crate) secret: String,
    session: Option<Session>,
}

/// Temporary keys, as `GetCredentialsForIdentity` hands them out.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) access_key: String,
    pub(crate) secret: String,
    pub(crate) token: String,
    pub(crate) expires: Millis,
}

/// What is wrong with a session token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// Temporary keys without the token: AWS does not know such a key.
    Missing,
    /// Not the token of these keys, or a token with keys that have none.
    Wrong,
    /// The keys are over.
    Expired,
}

impl Principal {
    /// Holds the session token of a request against the keys that signed it.
    pub(crate) fn check_token(&self, token: Option<&str>) -> Result<Role, TokenFault> {
        match (&self.session, token) {
            (None, None) => Ok(self.role),
            (None, Some(_)) => Err(TokenFault::Wrong),
            (Some(_), None) => Err(TokenFault::Missing),
            (Some(session), Some(token)) if session.token != token => Err(TokenFault::Wrong),
            (Some(session), Some(_)) if session.expires <= clock::now() => Err(TokenFault::Expired),
            (Some(_), Some(_)) => Ok(self.role),
        }
    }
}

/// All keys that are known.
#[derive(Clone)]
pub(crate) struct Principals {
    storage: Arc<Storage>,
    publisher: Credentials,
    /// Secrets of players' keys are derived from it, and so are in no row of the index.
    master: Arc<[u8]>,
}

impl Principals {
    pub(crate) fn new(storage: Arc<Storage>, publisher: Credentials, master: &[u8]) -> Principals {
        Principals { storage, publisher, master: master.into() }
    }

    /// Finds the owner of an access key.
    pub(crate) fn find(&self, access_key: &str) -> Result<Option<Principal>, StorageError> {
        if access_key == self.publisher.access_key_id {
            return Ok(Some(Principal {
                role: Role::Publisher,
                secret: self.publisher.secret_access_key.clone(),
                session: None,
            }));
        }
        Ok(self.session(access_key)?.map(|session| Principal {
            role: Role::Player,
            secret: session.secret.clone(),
            session: Some(session),
        }))
    }

    /// Makes temporary keys for a player.
    pub(crate) fn issue(&self, identity: &str) -> Result<Session, StorageError> {
        let session = self.derive(names::temporary_access_key(), clock::now() + SESSION_LIFETIME);
        self.storage.index.write(|db| {
            // Kept for a day after their end, so that a late caller gets "expired".
            db.execute(
                "DELETE FROM player_session WHERE expires < ?1",
                [clock::now() - 24 * SESSION_LIFETIME],
            )?;
            db.execute(
                "INSERT INTO player_session (access_key, identity, expires) VALUES (?1, ?2, ?3)",
                params![session.access_key, identity, session.expires],
            )?;
            Ok::<_, StorageError>(())
        })?;
        Ok(session)
    }

    fn session(&self, access_key: &str) -> Result<Option<Session>, StorageError> {
        let expires = self.storage.index.read(|db| {
            db.prepare_cached("SELECT expires FROM player_session WHERE access_key = ?1")?
                .query_row([access_key], |row| row.get(0))
                .optional()
        })?;
        Ok(expires.map(|expires| self.derive(access_key.to_owned(), expires)))
    }

    /// The secrets of an access key.
    fn derive(&self, access_key: String, expires: Millis) -> Session {
        let derived = |part: usize| derived(&self.master, &format!("{part}:{access_key}"));
        let mut secret = derived(0);
        secret.truncate(SECRET_LENGTH);
        let token = (1..=TOKEN_PARTS).map(derived).collect();
        Session { access_key, secret, token, expires }
    }
}

/// 64 hex digits that follow from a secret.
fn derived(master: &[u8], of: &str) -> String {
    hex::encode(hmac(master, of).finalize().into_bytes())
}
