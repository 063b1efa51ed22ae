//! The name that other players see.

use std::sync::Arc;

use naru_protocol::{DatasetUpdate, RecordChange};

use super::Session;
use crate::core::Core;
use crate::services::Method;
use crate::view::LauncherEvent;

/// Where the services look for the name on the board.
const PROFILE: &str = "/datasets/profile";
const NICKNAME: &str = "nickname";

impl Core {
    /// Gives a player who never had a name on the board the one that he goes by at the provider. Who
    /// has chosen another since, or none, is left in peace: the change is for a record that is new.
    pub(super) fn name_player(self: &Arc<Self>) {
        let session = self.read(|state| state.account.session.clone());
        let named = session.and_then(|session| Some((session.player.nickname.clone()?, session)));
        let Some((nickname, session)) = named else { return };
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move { core.send_name(nickname, &session).await });
    }

    async fn send_name(&self, nickname: String, session: &Session) {
        let Ok(services) = self.services() else { return };
        let change = RecordChange { key: NICKNAME.to_owned(), value: Some(nickname), sync_count: 0 };
        let update = DatasetUpdate { changes: vec![change] };
        match services.change(Method::PATCH, PROFILE, Some(&session.token), &update).await {
            Ok(answer) if answer.status == 200 => self.tell(LauncherEvent::Scores(())),
            Ok(answer) => tracing::info!(status = answer.status, "the name on the board stays"),
            Err(problem) => tracing::info!(?problem, "the name on the board was not sent"),
        }
    }
}
