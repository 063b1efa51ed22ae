//! Which providers a login can be tried at.

use std::sync::Arc;

use naru_protocol::login::LoginProvider;

use super::{Account, AccountState};
use crate::view::{LoginWay, Problem, Provider};

impl Account {
    /// Asks the services which providers they have.
    pub(crate) async fn ask_for_providers(&self) -> Result<Vec<LoginProvider>, Problem> {
        let rows: Vec<LoginProvider> = self.services()?.read("/login/providers", None).await?;
        self.state.change(|account| account.offered = Some(rows.clone()));
        Ok(rows)
    }

    /// The same in the background. Without an answer nothing changes.
    pub(crate) fn ask_for_providers_later(self: &Arc<Self>) {
        let account = Arc::clone(self);
        self.runtime.spawn(async move { account.ask_for_providers().await.ok() });
    }
}

impl AccountState {
    /// The studio's providers, without those that the services do not have. While that is unknown, all of
    /// them: trying one then reports that the services are unreachable.
    pub(crate) fn providers(&self) -> Vec<Provider> {
        let shown = |name: &String| {
            let ways = match &self.offered {
                None => vec![LoginWay::Window, LoginWay::Browser],
                Some(rows) => ways(rows.iter().find(|row| row.provider == *name)?),
            };
            (!ways.is_empty()).then(|| Provider { name: name.clone(), ways })
        };
        self.wanted.iter().filter_map(shown).collect()
    }
}

/// Where a provider lets its page be shown.
pub(super) fn ways(row: &LoginProvider) -> Vec<LoginWay> {
    let window = (!row.window_hosts.is_empty()).then_some(LoginWay::Window);
    // A browser may only return to an address of this machine.
    let browser = row.redirect_uri.is_none().then_some(LoginWay::Browser);
    window.into_iter().chain(browser).collect()
}
