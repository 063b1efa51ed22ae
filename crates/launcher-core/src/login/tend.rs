//! Looking after a login while the launcher runs.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::AccountState;
use crate::core::Core;

/// Clocks are set and machines sleep: nobody waits for longer than this at once.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

impl Core {
    /// Refreshes the login in good time for as long as the launcher runs, and tells windows when it runs out.
    pub(crate) fn tend_login(self: &Arc<Self>) {
        let (core, clock) = (Arc::downgrade(self), Arc::clone(&self.surroundings.clock));
        let changed = Arc::clone(&self.login_changed);
        self.surroundings.runtime.spawn(async move {
            let mut was_over = false;
            while let Some(pause) = look_after(&core, &mut was_over).await {
                tokio::select! {
                    () = clock.sleep(pause) => {}
                    () = changed.notified() => {}
                }
            }
        });
    }
}

/// Does what is due, and says how long nothing else is; nothing when the launcher has ended.
async fn look_after(core: &Weak<Core>, was_over: &mut bool) -> Option<Duration> {
    let core = core.upgrade()?;
    core.refresh_login().await;
    let (is_over, pause) = core.read(|state| (state.account.is_over(), state.account.until_due()));
    if is_over && !*was_over {
        // Nothing changes but the time, and with it what is shown.
        core.tell_account();
    }
    *was_over = is_over;
    Some(pause.min(LONGEST_SLEEP))
}

impl AccountState {
    fn is_over(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.is_over(self.now()))
    }

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
