//! Looking after a login while the launcher runs.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{Account, AccountState};

/// Clocks are adjusted and machines sleep: no single wait is longer than this.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

impl Account {
    /// Refreshes the login in good time for as long as the launcher runs, and tells windows when it runs out.
    pub(crate) fn tend_login(self: &Arc<Self>) {
        let (account, clock) = (Arc::downgrade(self), Arc::clone(&self.clock));
        let changed = Arc::clone(&self.changed);
        self.runtime.spawn(async move {
            while let Some(pause) = look_after(&account).await {
                tokio::select! {
                    () = clock.sleep(pause) => {}
                    () = changed.notified() => {}
                }
            }
        });
    }
}

/// Does what is due, and says how long nothing else is; nothing when the launcher has ended.
async fn look_after(account: &Weak<Account>) -> Option<Duration> {
    let account = account.upgrade()?;
    account.refresh_login().await;
    // Of a login that runs out nothing changes but the time, and with it what is seen.
    let pause = account.state.change(|state| state.until_due());
    Some(pause.min(LONGEST_SLEEP))
}

impl AccountState {
    /// How long there is nothing to do.
    fn until_due(&self) -> Duration {
        let now = self.now();
        let left = self.session.as_ref().and_then(|session| match &session.refresh {
            Some(refresh) => Some(refresh.left(now).max(self.retry.left(now))),
            None if session.is_expired(now) => None,
            None => Some(session.expires_at.duration_since(now)),
        });
        left.map_or(LONGEST_SLEEP, |left| left.try_into().unwrap_or(Duration::ZERO))
    }
}
