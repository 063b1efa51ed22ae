//! The end of a login: the redirect, and the session that its code is worth.

use std::sync::Arc;

use naru_protocol::AuthorizationCode;
use naru_protocol::login::{LoginAnswer, LoginAttempt, RedirectError};
use url::Url;

use super::{Account, Begun, Retry, Session};
use crate::view::{ErrorCode, Problem, ProblemCode, PublicName};

impl Account {
    /// Reads the redirect that the provider's page ended with, and logs the player in. A redirect
    /// that answers another login is refused, and this one goes on waiting.
    pub async fn finish_login(self: &Arc<Self>, redirect: &Url) -> Result<(), Problem> {
        let (begun, attempt, code) = self.take_code(redirect)?;
        match self.log_in(&begun, attempt, code).await {
            Ok(()) => {
                self.keep_login().await;
                self.changed.notify_one();
                self.ask_for_public_name();
                Ok(())
            }
            Err(problem) => {
                self.give_up(begun.id, Some(problem.clone()));
                Err(problem)
            }
        }
    }

    /// Takes the attempt out: its secrets are used once.
    fn take_code(&self, redirect: &Url) -> Result<(Begun, LoginAttempt, AuthorizationCode), Problem> {
        let begun = self.state.read(|account| account.begun.clone());
        let nobody = || Problem::new(ProblemCode::LoginRefused, "no login waits for this");
        let begun = begun.ok_or_else(nobody)?;
        let attempt = begun.attempt.clone().ok_or_else(nobody)?;
        let code = attempt.read_redirect(redirect).map_err(|error| self.refuse_redirect(begun.id, error))?;
        let is_taken = self.state.change(|account| {
            let waiting = account.begun.as_mut().filter(|waiting| waiting.id == begun.id);
            waiting.and_then(|waiting| waiting.attempt.take()).is_some()
        });
        if is_taken { Ok((begun, attempt, code)) } else { Err(nobody()) }
    }

    fn refuse_redirect(&self, id: u64, error: RedirectError) -> Problem {
        let problem = Problem::new(ProblemCode::LoginRefused, &error);
        match error {
            // Not the answer to this login: an attacker may be trying to log the player in to another account.
            RedirectError::Elsewhere | RedirectError::State => {}
            // The player said no, and knows it.
            RedirectError::Refused { error, .. } if error == "access_denied" => self.give_up(id, None),
            _ => self.give_up(id, Some(problem.clone())),
        }
        problem
    }

    async fn log_in(
        &self,
        begun: &Begun,
        attempt: LoginAttempt,
        code: AuthorizationCode,
    ) -> Result<(), Problem> {
        let path = format!("/login/{}", begun.provider);
        let answer: LoginAnswer = self.services()?.post(&path, &attempt.into_request(code)).await?;
        let unreadable = || Problem::new(ErrorCode::BadFormat, "the token does not say how long it is good");
        let now = self.clock.now();
        let session = Session::of(answer, &begun.provider, None, now).ok_or_else(unreadable)?;
        self.state.change(|account| {
            if account.begun.take_if(|waiting| waiting.id == begun.id).is_none() {
                return Err(Problem::new(ProblemCode::LoginRefused, "the login was cancelled"));
            }
            (account.session, account.problem, account.is_decided) = (Some(session), None, true);
            account.retry = Retry::default();
            account.public_name = PublicName::Unknown;
            Ok(())
        })
    }
}
