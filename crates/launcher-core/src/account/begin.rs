//! Beginning a login.

use naru_protocol::login::{LoginAttempt, LoginProvider};
use url::Url;

use super::providers::ways;
use super::{Account, Begun, LoginPage};
use crate::services_client::Services;
use crate::view::{ErrorCode, LoginWay, Problem, ProblemCode};

impl Account {
    /// Begins a login: the page that the player is to be shown. `redirect_uri` is where the caller
    /// waits for its end. A login that was begun before is dropped.
    pub async fn begin_login(
        &self,
        provider: &str,
        way: LoginWay,
        redirect_uri: &str,
    ) -> Result<LoginPage, Problem> {
        self.services()?;
        if !self.providers.iter().any(|name| name == provider) {
            return Err(Problem::new(ErrorCode::NotFound, format!("there is no provider {provider}")));
        }
        let id = self.state.change(|account| {
            account.last_login += 1;
            let id = account.last_login;
            account.problem = None;
            account.begun = Some(Begun { id, provider: provider.to_owned(), way, attempt: None });
            id
        });
        let opened = self.open_page(id, provider, way, redirect_uri).await;
        let (page, attempt) = opened.inspect_err(|problem| self.give_up(id, Some(problem.clone())))?;
        self.state.change(|account| match account.begun.as_mut().filter(|begun| begun.id == id) {
            Some(begun) => {
                begun.attempt = Some(attempt);
                Ok(page)
            }
            None => Err(Problem::new(ProblemCode::LoginRefused, "the login was cancelled")),
        })
    }

    /// Asks for the provider's row each time: an app at a provider may be replaced while the launcher runs.
    async fn open_page(
        &self,
        login: u64,
        provider: &str,
        way: LoginWay,
        redirect_uri: &str,
    ) -> Result<(LoginPage, LoginAttempt), Problem> {
        let refused = |words: &str| Problem::new(ProblemCode::LoginRefused, format!("{provider}: {words}"));
        let rows = self.ask_for_providers().await?;
        let row = rows.into_iter().find(|row| row.provider == provider);
        let row = row.ok_or_else(|| refused("the services do not have this provider"))?;
        if !ways(&row).contains(&way) {
            return Err(refused("its page is not for this kind of window"));
        }
        page_of(login, row, redirect_uri)
    }

    /// The player has closed the page.
    pub fn cancel_login(&self) {
        self.state.change(|account| account.begun = None);
    }

    /// The page of a login was closed: its result is ignored.
    /// A login whose code is being exchanged is not touched: a page may end twice.
    pub fn fail_login(&self, login: u64, problem: Problem) {
        let awaits_page = |begun: &Begun| begun.id == login && begun.attempt.is_some();
        if self.state.read(|account| account.begun.as_ref().is_some_and(awaits_page)) {
            self.give_up(login, Some(problem));
        }
    }

    /// The login that is under way.
    pub fn login_under_way(&self) -> Option<u64> {
        self.state.read(|account| account.begun.as_ref().map(|begun| begun.id))
    }

    /// Where a provider's page can be shown: as it is wanted, or in the one way that the provider allows.
    pub async fn login_way(&self, provider: &str, wanted: LoginWay) -> LoginWay {
        // An unreachable service is asked again, and reported, when the login begins.
        let rows = self.ask_for_providers().await.unwrap_or_default();
        let allowed = rows.iter().find(|row| row.provider == provider).map(ways).unwrap_or_default();
        if allowed.contains(&wanted) { wanted } else { allowed.first().copied().unwrap_or(wanted) }
    }

    /// Ends a login that came to nothing.
    pub(super) fn give_up(&self, id: u64, problem: Option<Problem>) {
        self.state.change(|account| {
            if account.begun.as_ref().is_some_and(|begun| begun.id == id) {
                account.begun = None;
                account.problem = problem;
            }
        });
    }

    pub(crate) fn services(&self) -> Result<&Services, Problem> {
        let missing = || Problem::new(ErrorCode::Config, "endpoints.services is not set");
        self.services.as_ref().ok_or_else(missing)
    }
}

fn page_of(login: u64, row: LoginProvider, redirect_uri: &str) -> Result<(LoginPage, LoginAttempt), Problem> {
    let unreadable = |error: &dyn std::fmt::Display| Problem::new(ErrorCode::BadFormat, error.to_string());
    let redirect_uri = row.redirect_uri.as_deref().unwrap_or(redirect_uri);
    let secrets = [random()?, random()?, random()?];
    let attempt = LoginAttempt::new(redirect_uri, secrets).map_err(|error| unreadable(&error))?;
    let redirect = Url::parse(redirect_uri).map_err(|error| unreadable(&error))?;
    let url = attempt.authorize_url(&row).map_err(|error| unreadable(&error))?;
    Ok((LoginPage { login, url, redirect, hosts: row.window_hosts }, attempt))
}

fn random() -> Result<[u8; 32], Problem> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Problem::new(ErrorCode::Internal, error))?;
    Ok(bytes)
}
