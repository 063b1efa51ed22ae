//! What the pool signs and what it keeps of it.
//!
//! Sources: <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html>,
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html>

use rusqlite::{OptionalExtension, params};
use serde::Deserialize;
use serde_json::{Value, json};

use super::users::User;
use super::{Fault, UserPool};
use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::index::Index;
use crate::names;

/// Seconds that ID and access tokens live.
pub(super) const LIFETIME: i64 = 60 * 60;

const DAY: Millis = 24 * 60 * 60 * 1000;
const REFRESH_LIFETIME: Millis = 60 * DAY;

/// One sign-in, which all tokens that come of it name.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// `origin_jti`.
    origin: String,
    /// Seconds since 1970.
    authenticated: i64,
}

/// What the pool reads of its own tokens.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    token_use: String,
    exp: i64,
    aud: Option<String>,
}

impl Session {
    pub(super) fn begin() -> Session {
        Session { origin: names::uuid(), authenticated: clock::now() / 1000 }
    }
}

impl UserPool {
    pub(super) fn id_token(&self, user: &User, session: &Session) -> Result<String, StorageError> {
        let mut claims = self.claims(user, session, "id");
        claims["aud"] = self.client.as_str().into();
        claims["cognito:username"] = user.sub.as_str().into();
        claims["email"] = user.email.as_str().into();
        claims["email_verified"] = user.confirmed.into();
        self.key.sign(&claims)
    }

    pub(super) fn access_token(&self, user: &User, session: &Session) -> Result<String, StorageError> {
        let mut claims = self.claims(user, session, "access");
        claims["client_id"] = self.client.as_str().into();
        claims["username"] = user.sub.as_str().into();
        claims["scope"] = "aws.cognito.signin.user.admin".into();
        self.key.sign(&claims)
    }

    fn claims(&self, user: &User, session: &Session, token_use: &str) -> Value {
        let now = clock::now() / 1000;
        json!({
            "sub": user.sub,
            "iss": format!("https://{}", self.provider()),
            "origin_jti": session.origin,
            "event_id": names::uuid(),
            "token_use": token_use,
            "auth_time": session.authenticated,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": names::uuid(),
        })
    }

    pub(super) fn owner_of_access_token(&self, token: &str) -> Result<String, Fault> {
        let claims: Option<Claims> = self.key.read(token);
        match claims {
            Some(claims) if claims.token_use == "access" => {
                is_alive(&claims, "Access Token has expired")?;
                Ok(claims.sub)
            }
            _ => Err(Fault::not_authorized("Invalid Access Token")),
        }
    }

    /// The `sub` of an ID token, for the identity pool that this pool is a login provider of.
    pub(in crate::control) fn owner_of_id_token(&self, token: &str) -> Result<String, Fault> {
        let claims: Option<Claims> = self.key.read(token);
        match claims {
            Some(claims)
                if claims.token_use == "id" && claims.aud.as_deref() == Some(self.client.as_str()) =>
            {
                is_alive(&claims, "Invalid login token. Token expired")?;
                Ok(claims.sub)
            }
            _ => {
                Err(Fault::not_authorized("Invalid login token. Not a valid OpenId Connect identity token."))
            }
        }
    }
}

fn is_alive(claims: &Claims, otherwise: &str) -> Result<(), Fault> {
    match claims.exp > clock::now() / 1000 {
        true => Ok(()),
        false => Err(Fault::not_authorized(otherwise)),
    }
}

impl Index {
    /// Makes a refresh token, of which the digest is kept.
    pub(super) fn issue_refresh_token(&self, sub: &str, session: &Session) -> Result<String, StorageError> {
        let (token, now) = (names::secret(128)?, clock::now());
        self.write(|db| {
            // Kept for a day after their end, so that a late caller gets "expired".
            db.execute("DELETE FROM pool_refresh_token WHERE expires < ?1", [now - DAY])?;
            db.execute(
                "INSERT INTO pool_refresh_token (digest, sub, origin, authenticated, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    names::digest(&token),
                    sub,
                    session.origin,
                    session.authenticated,
                    now + REFRESH_LIFETIME
                ],
            )?;
            Ok::<_, StorageError>(token)
        })
    }

    /// Whose a refresh token is, of which session, and whether it is over.
    pub(super) fn refresh_token(&self, token: &str) -> Result<Option<(String, Session, bool)>, StorageError> {
        self.read(|db| {
            db.query_row(
                "SELECT sub, origin, authenticated, expires FROM pool_refresh_token WHERE digest = ?1",
                [names::digest(token)],
                |row| {
                    let session = Session { origin: row.get(1)?, authenticated: row.get(2)? };
                    let is_over = row.get::<_, Millis>(3)? <= clock::now();
                    Ok((row.get(0)?, session, is_over))
                },
            )
            .optional()
        })
    }
}
