//! Keeping the session: in memory and in the keychain.

use std::sync::Arc;

use naru_protocol::OpenIdToken;
use tokio::task::spawn_blocking;

use super::{Account, KeychainError, Retry, Session};
use crate::view::{PublicName, Remembered};

impl Account {
    /// Forgets the login, here and in the keychain.
    pub fn log_out(self: &Arc<Self>) {
        self.state.change(|account| {
            (account.session, account.begun, account.problem) = (None, None, None);
            (account.is_decided, account.retry) = (true, Retry::default());
            account.public_name = PublicName::Unknown;
        });
        let account = Arc::clone(self);
        self.runtime.spawn(async move { account.keep_login().await });
    }

    /// Takes over what the keychain has from the last time.
    pub(crate) async fn remember_login(&self) {
        let keychain = Arc::clone(&self.keychain);
        let read = spawn_blocking(move || keychain.get()).await;
        let session = match read {
            Ok(Ok(Some(secret))) => serde_json::from_slice::<Session>(&secret).ok(),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the keychain can't be read");
                None
            }
            _ => None,
        };
        let is_taken = self.state.change(|account| {
            let is_first = !account.is_decided && account.session.is_none();
            if is_first && session.is_some() {
                account.remembered = Some(Remembered::Keychain);
                account.session = session;
            }
            is_first && account.session.is_some()
        });
        if is_taken {
            self.changed.notify_one();
        }
    }

    /// Makes the keychain hold what counts now: the session, or nothing.
    pub(crate) async fn keep_login(&self) {
        let _keeping = self.keeping.lock().await;
        let session = self.state.read(|account| account.session.clone());
        let keychain = Arc::clone(&self.keychain);
        let is_session = session.is_some();
        let write = move || match session {
            Some(session) => match serde_json::to_vec(&session) {
                Ok(secret) => keychain.set(&secret),
                Err(error) => Err(KeychainError(error.to_string())),
            },
            None => keychain.delete(),
        };
        let written =
            spawn_blocking(write).await.unwrap_or_else(|error| Err(KeychainError(error.to_string())));
        if let Err(error) = &written {
            tracing::warn!(%error, "the keychain can't be written");
        }
        if is_session {
            let remembered = match written {
                Ok(()) => Remembered::Keychain,
                Err(error) => Remembered::Memory { reason: error.0 },
            };
            self.state.change(|account| account.remembered = Some(remembered));
        }
    }

    /// The token, while it is good.
    pub(crate) fn token(&self) -> Option<OpenIdToken> {
        self.state.read(|account| {
            let now = account.now();
            let session = account.session.as_ref().filter(|session| !session.is_expired(now))?;
            Some(session.token.clone())
        })
    }

    /// The services did not take this token: another one is due, which is no logout.
    pub(crate) fn refused(&self, token: &OpenIdToken) {
        self.state.change(|account| {
            let now = account.now();
            let session = account.session.as_mut();
            if let Some(session) = session.filter(|session| session.token.expose() == token.expose()) {
                session.expire(now);
            }
        });
    }
}
