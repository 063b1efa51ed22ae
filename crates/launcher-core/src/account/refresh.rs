//! Another token before the old one runs out, for what the provider gave with the login.

use naru_protocol::ProblemCode as Refusal;
use naru_protocol::login::{LoginAnswer, RefreshRequest};
use naru_protocol::{OpenIdToken, RefreshToken};
use reqwest::Method;

use super::retry::Retry;
use super::session::Refresh;
use super::{Account, Session};
use crate::view::{ErrorCode, Problem};

/// Why there is no other token.
enum NotRefreshed {
    /// The provider no longer takes the refresh token: only the player can log in again.
    Over(Problem),
    /// Anything else. It says nothing of the login, which stays.
    Later(Problem),
}

impl From<Problem> for NotRefreshed {
    fn from(problem: Problem) -> Self {
        Self::Later(problem)
    }
}

impl Account {
    /// The token, while it is good; else another one, where it is to be had.
    pub(crate) async fn fresh_token(&self) -> Option<OpenIdToken> {
        if let Some(token) = self.token() {
            return Some(token);
        }
        self.refresh_login().await;
        self.token()
    }

    /// Exchanges the refresh token, if that is due. Concurrent callers wait for the same answer.
    pub(super) async fn refresh_login(&self) {
        let _refreshing = self.refreshing.lock().await;
        let due = self.state.read(|account| {
            let now = account.now();
            let session = account.session.as_ref()?;
            let refresh = session.refresh.as_ref().filter(|refresh| !refresh.left(now).is_positive())?;
            let is_paused = account.retry.left(now).is_positive();
            (!is_paused).then(|| (session.player.provider.clone(), refresh.clone()))
        });
        let Some((provider, used)) = due else { return };
        match self.exchange(&provider, &used).await {
            Ok(session) => self.take_over(session, &used.token).await,
            Err(NotRefreshed::Over(problem)) => self.end_login(&used.token, &problem).await,
            Err(NotRefreshed::Later(problem)) => self.try_later(&problem),
        }
    }

    async fn exchange(&self, provider: &str, used: &Refresh) -> Result<Session, NotRefreshed> {
        let request = RefreshRequest { refresh_token: used.token.clone(), id: used.id.clone() };
        let path = format!("/login/{provider}/refresh");
        let answer = self.services()?.change(Method::POST, &path, None, &request).await?;
        let is_over =
            |code| matches!(code, Refusal::RefreshRefused | Refusal::WrongApp | Refusal::WrongPlayer);
        if answer.refusal_code().is_some_and(is_over) {
            return Err(NotRefreshed::Over(answer.refusal()));
        }
        let login: LoginAnswer = answer.json()?;
        let now = self.clock.now();
        let unreadable = || Problem::new(ErrorCode::BadFormat, "the token does not say how long it is good");
        Ok(Session::of(login, provider, Some(&used.token), now).ok_or_else(unreadable)?)
    }

    /// The next login token counts, unless the player has logged out, or in as another player, in the meantime.
    async fn take_over(&self, refreshed: Session, used: &RefreshToken) {
        let is_taken = self.state.change(|account| {
            let current = account.session.as_mut().filter(|session| is_of(session, used));
            let is_taken = current.map(|session| *session = refreshed.with_name_of(session)).is_some();
            if is_taken {
                account.retry = Retry::default();
            }
            is_taken
        });
        if is_taken {
            // Before anything else: the previous refresh token may be invalid now.
            self.keep_login().await;
        }
    }

    async fn end_login(&self, used: &RefreshToken, problem: &Problem) {
        tracing::info!(code = ?problem.code, "the login has ended: the player has to log in again");
        self.state.change(|account| {
            let now = account.now();
            if let Some(session) = account.session.as_mut().filter(|session| is_of(session, used)) {
                session.refresh = None;
                session.expire(now);
            }
        });
        self.keep_login().await;
    }

    fn try_later(&self, problem: &Problem) {
        // Not its words: those of an answer that can't be read may repeat what is in it.
        tracing::info!(code = ?problem.code, "the login could not be refreshed, and stays");
        let mut chance = [0];
        // Without chance the pause is the whole one.
        getrandom::fill(&mut chance).ok();
        self.state.change(|account| {
            let now = account.now();
            account.retry.failed(now, chance[0]);
        });
    }
}

fn is_of(session: &Session, used: &RefreshToken) -> bool {
    session.refresh.as_ref().is_some_and(|refresh| refresh.token.expose() == used.expose())
}
