//! The login: a provider's page, the code that comes back, the session that is kept.

mod begin;
mod finish;
mod keep;
mod keychain;
mod providers;
mod public_name;
mod redirect;
mod refresh;
mod retry;
mod session;
mod tend;

use std::sync::Arc;

use jiff::Timestamp;
use naru_protocol::login::{LoginAttempt, LoginProvider};
use url::Url;

pub use keychain::{Keychain, KeychainError, SystemKeychain};
pub use redirect::RedirectListener;
use retry::Retry;
pub(crate) use session::Session;

use crate::clock::Clock;
use crate::view::{Account, LoginWay, Problem, PublicName, Remembered};

/// A provider's page that the player is to be shown.
#[derive(Debug, Clone)]
pub struct LoginPage {
    /// Which login it is of: there may be another one by the time this page ends.
    pub login: u64,
    /// The page.
    pub url: Url,
    /// Where it ends: what leads there, query and all, goes to [`crate::Core::finish_login`].
    pub redirect: Url,
    /// What a window may show of it: hosts, with all below them, and with a port that one place.
    pub hosts: Vec<String>,
}

impl LoginPage {
    /// Whether an address is where the login ends, whatever it carries.
    pub fn ends_at(&self, url: &Url) -> bool {
        let mut bare = url.clone();
        bare.set_query(None);
        bare.set_fragment(None);
        bare == self.redirect
    }
}

/// A login that was begun.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    pub(crate) id: u64,
    pub(crate) provider: String,
    pub(crate) way: LoginWay,
    /// Its secrets; nothing while they are being made, and when they were used.
    pub(crate) attempt: Option<LoginAttempt>,
}

/// Who is logged in, and who is about to be.
pub(crate) struct AccountState {
    clock: Arc<dyn Clock>,
    /// The providers that the studio's launcher offers, in its order.
    wanted: Vec<String>,
    /// Those that the services have; nothing while they have not said.
    pub(crate) offered: Option<Vec<LoginProvider>>,
    pub(crate) session: Option<Session>,
    pub(crate) begun: Option<Begun>,
    /// Why the last try came to nothing.
    pub(crate) problem: Option<Problem>,
    pub(crate) remembered: Option<Remembered>,
    /// Of the session's player.
    pub(crate) public_name: PublicName,
    pub(crate) last_login: u64,
    /// Whether what the keychain held at the start no longer counts.
    pub(crate) is_decided: bool,
    pub(crate) retry: Retry,
}

impl AccountState {
    pub(crate) fn new(clock: Arc<dyn Clock>, wanted: Vec<String>) -> Self {
        Self {
            clock,
            wanted,
            offered: None,
            session: None,
            begun: None,
            problem: None,
            remembered: None,
            public_name: PublicName::Unknown,
            last_login: 0,
            is_decided: false,
            retry: Retry::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn shown(&self) -> Account {
        if let Some(Begun { provider, way, .. }) = &self.begun {
            return Account::LoggingIn { provider: provider.clone(), way: *way };
        }
        match &self.session {
            None => Account::LoggedOut { problem: self.problem.clone() },
            Some(session) if session.is_over(self.now()) => {
                Account::Expired { player: session.player.clone(), problem: self.problem.clone() }
            }
            Some(session) => {
                let unknown = || Remembered::Memory { reason: String::new() };
                let remembered = self.remembered.clone().unwrap_or_else(unknown);
                let public_name = self.public_name.clone();
                Account::LoggedIn { player: session.player.clone(), remembered, public_name }
            }
        }
    }
}
