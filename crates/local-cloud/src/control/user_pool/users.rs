//! The accounts, in the index.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::password::Hashed;
use crate::clock::{self, Millis};
use crate::error::StorageError;
use crate::index::Index;

/// As many as the inbox shows.
const MOST_MAILS: i64 = 50;

/// After so long without a try, failed ones are forgotten.
const FORGIVEN: Millis = 15 * 60 * 1000;

/// Failed tries that have no consequence.
const FREE_TRIES: u32 = 5;

/// One account.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) sub: String,
    /// In lower case.
    pub(super) email: String,
    pub(super) password: Hashed,
    pub(super) confirmed: bool,
    pub(super) code_sent: Millis,
    /// Codes that were sent since `codes_since`.
    pub(super) codes: u32,
    pub(super) codes_since: Millis,
    /// Wrong tries of the password, and the last of them.
    failures: u32,
    failed: Millis,
}

impl User {
    /// A new account, whose first code goes out now.
    pub(super) fn new(sub: String, email: String, password: Hashed) -> User {
        let now = clock::now();
        let (codes, failures) = (1, 0);
        let confirmed = false;
        User { sub, email, password, confirmed, code_sent: now, codes, codes_since: now, failures, failed: 0 }
    }

    /// How long the account takes no password, from the last failed try.
    ///
    /// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html>
    fn locked_until(&self) -> Millis {
        match self.failures.checked_sub(FREE_TRIES) {
            None => 0,
            Some(more) => self.failed + 1000 * (1 << more.min(10)).min(FORGIVEN / 1000),
        }
    }
}

/// A password may be tried, or not now.
pub(super) enum Try {
    Granted(User),
    Locked,
    Nobody,
}

impl Index {
    /// Makes an account; not where the address has one.
    pub(super) fn add_user(&self, user: &User) -> Result<bool, StorageError> {
        self.write(|db| {
            let added = db.execute(
                "INSERT OR IGNORE INTO pool_user
                 (sub, email, salt, password, confirmed, code_sent, codes, codes_since, code_failures, failures, failed)
                 VALUES (?1, ?2, ?3, ?4, 0, ?5, 1, ?5, 0, 0, 0)",
                params![user.sub, user.email, user.password.salt, user.password.hash, user.code_sent],
            )?;
            Ok(added == 1)
        })
    }

    pub(super) fn user_of_email(&self, email: &str) -> Result<Option<User>, StorageError> {
        self.read(|db| find(db, "email", email))
    }

    pub(super) fn user_of_sub(&self, sub: &str) -> Result<Option<User>, StorageError> {
        self.read(|db| find(db, "sub", sub))
    }

    pub(super) fn unconfirmed_users(&self) -> Result<Vec<User>, StorageError> {
        self.read(|db| {
            db.prepare("SELECT * FROM pool_user WHERE NOT confirmed ORDER BY code_sent DESC LIMIT ?1")?
                .query_map([MOST_MAILS], to_user)?
                .collect()
        })
    }

    /// Counts a try before it is made: of many at once, none is free.
    pub(super) fn begin_try(&self, email: &str) -> Result<Try, StorageError> {
        self.write(|db| {
            let Some(user) = find(db, "email", email)? else { return Ok(Try::Nobody) };
            let now = clock::now();
            if now < user.locked_until() {
                return Ok(Try::Locked);
            }
            db.execute(
                "UPDATE pool_user SET failures = iif(?2 - failed < ?3, failures, 0) + 1, failed = ?2
                 WHERE sub = ?1",
                params![user.sub, now, FORGIVEN],
            )?;
            Ok(Try::Granted(user))
        })
    }

    /// The account is locked from the answer on, not from the question.
    pub(super) fn end_failed_try(&self, sub: &str) -> Result<(), StorageError> {
        self.write(|db| {
            db.execute("UPDATE pool_user SET failed = ?2 WHERE sub = ?1", params![sub, clock::now()])?;
            Ok(())
        })
    }

    /// A right password forgives the wrong ones.
    pub(super) fn forgive_tries(&self, sub: &str) -> Result<(), StorageError> {
        self.write(|db| {
            db.execute("UPDATE pool_user SET failures = 0 WHERE sub = ?1", [sub])?;
            Ok(())
        })
    }

    /// Counts a try of the newest code before it is made; answers whether it may be made.
    pub(super) fn begin_code_try(&self, sub: &str) -> Result<bool, StorageError> {
        self.write(|db| {
            let counted = db.execute(
                "UPDATE pool_user SET code_failures = code_failures + 1
                 WHERE sub = ?1 AND code_failures < ?2",
                params![sub, FREE_TRIES],
            )?;
            Ok(counted == 1)
        })
    }

    /// Answers whether it was this call that confirmed the account.
    pub(super) fn confirm_user(&self, sub: &str) -> Result<bool, StorageError> {
        self.write(|db| {
            let confirmed =
                db.execute("UPDATE pool_user SET confirmed = 1 WHERE sub = ?1 AND NOT confirmed", [sub])?;
            Ok(confirmed == 1)
        })
    }

    /// Another code, which voids the one before; `codes` in the hour since `codes_since`.
    pub(super) fn send_code(&self, user: &User, codes: u32, codes_since: Millis) -> Result<(), StorageError> {
        self.write(|db| {
            db.execute(
                "UPDATE pool_user SET code_sent = max(?2, code_sent + 1), code_failures = 0,
                     codes = ?3, codes_since = ?4 WHERE sub = ?1",
                params![user.sub, clock::now(), codes, codes_since],
            )?;
            Ok(())
        })
    }
}

fn find(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<User>> {
    let query = format!("SELECT * FROM pool_user WHERE {column} = ?1");
    db.prepare_cached(&query)?.query_row([value], to_user).optional()
}

fn to_user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        sub: row.get("sub")?,
        email: row.get("email")?,
        password: Hashed { salt: row.get("salt")?, hash: row.get("password")? },
        confirmed: row.get("confirmed")?,
        code_sent: row.get("code_sent")?,
        codes: row.get("codes")?,
        codes_since: row.get("codes_since")?,
        failures: row.get("failures")?,
        failed: row.get("failed")?,
    })
}
