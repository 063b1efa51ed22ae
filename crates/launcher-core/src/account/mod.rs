//! The player's account: a provider's page, the code that comes back, the session that is kept.

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
use tokio::runtime::Handle;
use tokio::sync::Notify;
use url::Url;

pub use keychain::{Keychain, KeychainError, SystemKeychain};
pub use redirect::RedirectListener;
use retry::Retry;
pub(crate) use session::Session;

use crate::clock::Clock;
use crate::services_client::Services;
use crate::state_cell::{Events, Slice};
use crate::view::{self, LauncherEvent, LoginWay, Problem, PublicName, Remembered};

/// A provider's page that the player is to be shown.
#[derive(Debug, Clone)]
pub struct LoginPage {
    /// Which login it is of: there may be another one by the time this page ends.
    pub login: u64,
    /// The page.
    pub url: Url,
    /// Where it ends: what leads there, query and all, goes to [`crate::Account::finish_login`].
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

/// Who is logged in: logging in and out, and a token for requests to the services.
pub struct Account {
    state: Slice<AccountState>,
    /// The providers that the studio's launcher offers.
    providers: Vec<String>,
    services: Option<Services>,
    keychain: Arc<dyn Keychain>,
    clock: Arc<dyn Clock>,
    events: Events<LauncherEvent>,
    runtime: Handle,
    /// Held while the keychain is written: the last word must be the newest one.
    keeping: tokio::sync::Mutex<()>,
    /// Held while a refresh token is exchanged: a provider may take each of them once.
    refreshing: tokio::sync::Mutex<()>,
    /// Rung when there is another login to tend.
    changed: Arc<Notify>,
}

/// What an account works with.
pub(crate) struct AccountParts {
    pub(crate) providers: Vec<String>,
    pub(crate) services: Option<Services>,
    pub(crate) keychain: Arc<dyn Keychain>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) events: Events<LauncherEvent>,
    pub(crate) runtime: Handle,
}

impl Account {
    pub(crate) fn new(state: Slice<AccountState>, parts: AccountParts) -> Self {
        let AccountParts { providers, services, keychain, clock, events, runtime } = parts;
        Self {
            state,
            providers,
            services,
            keychain,
            clock,
            events,
            runtime,
            keeping: tokio::sync::Mutex::default(),
            refreshing: tokio::sync::Mutex::default(),
            changed: Arc::default(),
        }
    }

    /// What must be in no file that leaves the machine.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let session = self.state.read(|account| account.session.clone());
        let secrets = session.as_ref().map(Session::secrets).unwrap_or_default();
        secrets.into_iter().map(str::to_owned).collect()
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

    pub(crate) fn shown(&self) -> view::Account {
        if let Some(Begun { provider, way, .. }) = &self.begun {
            return view::Account::LoggingIn { provider: provider.clone(), way: *way };
        }
        match &self.session {
            None => view::Account::LoggedOut { problem: self.problem.clone() },
            Some(session) if session.is_over(self.now()) => {
                view::Account::Expired { player: session.player.clone(), problem: self.problem.clone() }
            }
            Some(session) => {
                let unknown = || Remembered::Memory { reason: String::new() };
                let remembered = self.remembered.clone().unwrap_or_else(unknown);
                let public_name = self.public_name.clone();
                view::Account::LoggedIn { player: session.player.clone(), remembered, public_name }
            }
        }
    }
}
