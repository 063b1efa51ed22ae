//! Keeping the session: in memory and in the keychain.

use std::sync::Arc;

use naru_protocol::OpenIdToken;
use tokio::task::spawn_blocking;

use super::{KeychainError, Retry, Session};
use crate::core::Core;
use crate::view::{PublicName, Remembered};

impl Core {
    /// Forgets the login, here and in the keychain.
    pub fn log_out(self: &Arc<Self>) {
        self.change(|state| {
            let account = &mut state.account;
            (account.session, account.begun, account.problem) = (None, None, None);
            (account.is_decided, account.retry) = (true, Retry::default());
            account.public_name = PublicName::Unknown;
        });
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move { core.keep_login().await });
    }

    /// Takes over what the keychain has from the last time.
    pub(crate) async fn remember_login(self: &Arc<Self>) {
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
        let is_taken = self.change(|state| {
            let account = &mut state.account;
            let is_first = !account.is_decided && account.session.is_none();
            if is_first && session.is_some() {
                account.remembered = Some(Remembered::Keychain);
                account.session = session;
            }
            is_first && account.session.is_some()
        });
        if is_taken {
            self.login_changed.notify_one();
        }
    }

    /// Makes the keychain hold what counts now: the session, or nothing.
    pub(crate) async fn keep_login(&self) {
        let _keeping = self.keeping.lock().await;
        let session = self.read(|state| state.account.session.clone());
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
            self.change(|state| state.account.remembered = Some(remembered));
        }
    }

    /// The token, while it is good.
    pub(crate) fn token(&self) -> Option<OpenIdToken> {
        self.read(|state| {
            let now = state.account.now();
            let session = state.account.session.as_ref().filter(|session| !session.is_expired(now))?;
            Some(session.token.clone())
        })
    }

    /// The services did not take this token: another one is due, which is no logout.
    pub(crate) fn refused(&self, token: &OpenIdToken) {
        self.change(|state| {
            let now = state.account.now();
            let session = state.account.session.as_mut();
            if let Some(session) = session.filter(|session| session.token.expose() == token.expose()) {
                session.expire(now);
            }
        });
    }
}
