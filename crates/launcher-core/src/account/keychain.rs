//! The system's keychain.

use keyring::v1::{Entry, Error};

/// Where one secret is kept. Its calls block, and may ask the player for the keychain's password.
pub trait Keychain: Send + Sync {
    /// Reads it; nothing where there is none.
    fn get(&self) -> Result<Option<Vec<u8>>, KeychainError>;
    /// Writes it.
    fn set(&self, secret: &[u8]) -> Result<(), KeychainError>;
    /// Forgets it; also where there is none.
    fn delete(&self) -> Result<(), KeychainError>;
}

/// Why the keychain is not to be had, in the system's words.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct KeychainError(pub String);

/// Keychain Services, Credential Manager or the Secret Service.
#[derive(Debug, Clone)]
pub struct SystemKeychain {
    /// What the entry is listed under: the app's identifier.
    pub service: String,
}

impl SystemKeychain {
    fn entry(&self) -> Result<Entry, KeychainError> {
        match Entry::new(&self.service, "login") {
            // This error says only that there is no store; why is told elsewhere.
            Err(Error::NoDefaultStore) => match Entry::store_status() {
                Err(error) => Err(told(error)),
                Ok(()) => Err(told(&Error::NoDefaultStore)),
            },
            other => other.map_err(|error| told(&error)),
        }
    }
}

impl Keychain for SystemKeychain {
    fn get(&self) -> Result<Option<Vec<u8>>, KeychainError> {
        match self.entry()?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(told(&error)),
        }
    }

    /// As bytes: a password would be doubled as UTF-16 on Windows, where 2,560 bytes are the limit.
    fn set(&self, secret: &[u8]) -> Result<(), KeychainError> {
        self.entry()?.set_secret(secret).map_err(|error| told(&error))
    }

    fn delete(&self) -> Result<(), KeychainError> {
        match self.entry()?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(told(&error)),
        }
    }
}

/// Never with the secret, which two of the errors carry.
fn told(error: &Error) -> KeychainError {
    KeychainError(match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry can't be read".to_owned(),
        other => other.to_string(),
    })
}
