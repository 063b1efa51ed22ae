//! Keeping the session: in memory, in the keychain, until it runs out.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use naru_protocol::OpenIdToken;
use tokio::task::spawn_blocking;

use super::{KeychainError, Session};
use crate::core::Core;
use crate::view::Remembered;

/// Clocks are set and machines sleep: nobody waits for longer than this at once.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

impl Core {
    /// Forgets the login, here and in the keychain.
    pub fn log_out(self: &Arc<Self>) {
        self.change(|state| {
            let account = &mut state.account;
            (account.session, account.begun, account.problem) = (None, None, None);
            account.is_decided = true;
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
            self.watch_expiry();
        }
    }

    /// Makes the keychain hold what counts now: the session, or nothing.
    pub(crate) async fn keep_login(self: &Arc<Self>) {
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

    /// Tells windows when the session runs out.
    pub(super) fn watch_expiry(self: &Arc<Self>) {
        let core = Arc::downgrade(self);
        self.surroundings.runtime.spawn(async move {
            loop {
                let Some(core) = core.upgrade() else { return };
                let left = core.read(|state| state.account.session.as_ref().map(time_left));
                match left {
                    // Nothing changes but the time, and with it what is shown.
                    Some(Duration::ZERO) => return core.tell_account(),
                    Some(left) => {
                        drop(core);
                        tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
                    }
                    None => return,
                }
            }
        });
    }

    /// The token, while it is good.
    pub(crate) fn token(&self) -> Option<OpenIdToken> {
        self.read(|state| {
            let session = state.account.session.as_ref().filter(|session| !session.is_expired())?;
            Some(session.token.clone())
        })
    }

    /// The services did not take this token: the player has to log in again, and is not logged out.
    pub(crate) fn refused(&self, token: &OpenIdToken) {
        self.change(|state| {
            let session = state.account.session.as_mut();
            if let Some(session) = session.filter(|session| session.token.expose() == token.expose()) {
                session.expire();
            }
        });
    }
}

fn time_left(session: &Session) -> Duration {
    session.expires_at.duration_since(Timestamp::now()).try_into().unwrap_or(Duration::ZERO)
}
