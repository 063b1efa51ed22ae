//! Access and refresh tokens. Only their digests are kept.

use rusqlite::{OptionalExtension, params};

use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::index::Index;
use crate::names;

const HOUR: Millis = 60 * 60 * 1000;

/// As long as they were seen to live with Kakao.
pub(super) const ACCESS_LIFETIME: Millis = 6 * HOUR;

/// A refresh token is replaced in its last month only.
pub(super) const REFRESH_RENEWAL: Millis = 30 * 24 * HOUR;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// What a token grants.
#[derive(Debug, Clone)]
pub(super) struct Right {
    pub(super) app: u64,
    pub(super) account: i64,
    pub(super) scope: String,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Access => "access",
            Kind::Refresh => "refresh",
        }
    }
}

impl Index {
    pub(super) fn issue_kakao_token(
        &self,
        kind: Kind,
        right: &Right,
        lifetime: Millis,
    ) -> Result<String, StorageError> {
        let token = names::secret(64)?;
        let now = clock::now();
        self.write(|db| {
            // Kept for a day after their end, so that a late caller gets "expired".
            db.execute("DELETE FROM kakao_token WHERE expires < ?1", [now - 24 * HOUR])?;
            db.execute(
                "INSERT INTO kakao_token (digest, kind, app, account, scope, expires)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    names::digest(&token),
                    kind.name(),
                    right.app.cast_signed(),
                    right.account,
                    right.scope,
                    now + lifetime
                ],
            )?;
            Ok::<_, StorageError>(token)
        })
    }

    /// Ends one token. Whether it was there: of two who come at once, one has ended it.
    pub(super) fn end_kakao_token(&self, kind: Kind, token: &str) -> Result<bool, StorageError> {
        self.write(|db| {
            let ended = "DELETE FROM kakao_token WHERE digest = ?1 AND kind = ?2";
            Ok(db.execute(ended, params![names::digest(token), kind.name()])? == 1)
        })
    }

    /// Ends all tokens of an account that an app has.
    pub(super) fn end_kakao_tokens(&self, right: &Right) -> Result<(), StorageError> {
        self.write(|db| {
            let ended = "DELETE FROM kakao_token WHERE app = ?1 AND account = ?2";
            db.execute(ended, params![right.app.cast_signed(), right.account])?;
            Ok(())
        })
    }

    /// What a token grants, and when it ends, which may be in the past.
    pub(super) fn kakao_token(
        &self,
        kind: Kind,
        token: &str,
    ) -> Result<Option<(Right, Millis)>, StorageError> {
        self.read(|db| {
            db.query_row(
                "SELECT app, account, scope, expires FROM kakao_token WHERE digest = ?1 AND kind = ?2",
                params![names::digest(token), kind.name()],
                |row| {
                    let app = row.get::<_, i64>(0)?.cast_unsigned();
                    Ok((Right { app, account: row.get(1)?, scope: row.get(2)? }, row.get(3)?))
                },
            )
            .optional()
        })
    }
}
