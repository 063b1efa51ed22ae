//! Passwords: their rules, and how they are stored.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};

use super::Fault;
use crate::error::StorageError;

/// Length, and no rules about signs: those make passwords worse.
const LEAST: usize = 10;
const MOST: usize = 256;

/// OWASP's figure for PBKDF2 with SHA-256.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(600_000).expect("not zero");

/// The stored hash of a password.
#[derive(Debug, Clone)]
pub(super) struct Hashed {
    pub(super) salt: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Hashed {
    pub(super) fn of(password: &str) -> Result<Hashed, StorageError> {
        let (mut salt, mut hash) = (vec![0; 16], vec![0; 32]);
        getrandom::fill(&mut salt)?;
        pbkdf2::derive(PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
        Ok(Hashed { salt, hash })
    }

    pub(super) fn is(&self, password: &str) -> bool {
        let password = password.as_bytes();
        pbkdf2::verify(PBKDF2_HMAC_SHA256, ITERATIONS, &self.salt, password, &self.hash).is_ok()
    }

    /// Takes as long as a real check, so that time does not tell which addresses have an account.
    pub(super) fn verify_against_nothing(password: &str) {
        Hashed { salt: vec![0; 16], hash: vec![0; 32] }.is(password);
    }
}

pub(super) fn check(password: &str) -> Result<(), Fault> {
    let wrong = match password.chars().count() {
        ..LEAST => "Password not long enough",
        _ if password.len() > MOST => "Password too long",
        _ => return Ok(()),
    };
    Err(Fault::new("InvalidPasswordException", format!("Password did not conform with policy: {wrong}")))
}
