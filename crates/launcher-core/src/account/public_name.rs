//! The name that other players see. What a provider calls a player, often by the real name, is no public name
//! until the player has said so.

use std::sync::Arc;

use naru_protocol::{DatasetChanges, DatasetUpdate, OpenIdToken, Record, RecordChange, ShownName};

use super::Account;
use crate::services_client::{Method, Services};
use crate::view::{ErrorCode, LauncherEvent, Problem, ProblemCode, PublicName};

/// Where the services look for the name on the board.
const PROFILE: &str = "/datasets/profile";
const NICKNAME: &str = "nickname";
/// Whether the player has been asked, on any machine.
const ASKED: &str = "nickname-asked";

/// How often a choice is sent again because the profile changed in between.
const ATTEMPTS: usize = 3;

impl Account {
    /// Asks the services for the player's public name, or whether there is to be one.
    pub async fn learn_public_name(&self) -> Result<(), Problem> {
        let (services, token) = self.services_as_player().await?;
        let profile = Profile::read(services, &token).await?;
        self.show_public_name(&token, |provider_name| profile.public_name(provider_name));
        Ok(())
    }

    /// Takes the player's choice: a name, or none. It is the answer to the question as well, which no launcher
    /// asks again.
    pub async fn choose_public_name(&self, name: Option<String>) -> Result<(), Problem> {
        let refused = |error| Problem::new(ProblemCode::NameRefused, error);
        let name = name.map(|name| ShownName::parse(name.trim())).transpose().map_err(refused)?;
        let (services, token) = self.services_as_player().await?;
        let name = name.map(ShownName::into_string);
        for _ in 0..ATTEMPTS {
            let profile = Profile::read(services, &token).await?;
            let update = DatasetUpdate { changes: profile.choice(name.as_deref()) };
            let answer = services.change(Method::PATCH, PROFILE, Some(&token), &update).await?;
            if answer.status == 409 {
                continue;
            }
            answer.accepted()?;
            self.show_public_name(&token, |_| match name {
                Some(name) => PublicName::Chosen { name },
                None => PublicName::None,
            });
            self.events.emit(LauncherEvent::Scores(()));
            return Ok(());
        }
        Err(Problem::new(ErrorCode::Unreachable, "the profile changed meanwhile, again and again"))
    }

    /// After a login, in the background. Without an answer, the player is not asked for a name.
    pub(super) fn ask_for_public_name(self: &Arc<Self>) {
        let account = Arc::clone(self);
        self.runtime.spawn(async move {
            if let Err(problem) = account.learn_public_name().await {
                tracing::info!(?problem, "the public name is not known");
            }
        });
    }

    async fn services_as_player(&self) -> Result<(&Services, OpenIdToken), Problem> {
        let services = self.services()?;
        let nobody = || Problem::new(ProblemCode::NotLoggedIn, "");
        Ok((services, self.fresh_token().await.ok_or_else(nobody)?))
    }

    /// The player may have logged out, or in as another player, in the meantime.
    fn show_public_name(&self, token: &OpenIdToken, name: impl FnOnce(Option<&str>) -> PublicName) {
        self.state.change(|account| {
            let session = account.session.as_ref();
            if let Some(session) = session.filter(|session| session.token.expose() == token.expose()) {
                account.public_name = name(session.player.nickname.as_deref());
            }
        });
    }
}

/// What the services hold of the player's name.
struct Profile {
    nickname: Option<Record>,
    asked: Option<Record>,
}

impl Profile {
    async fn read(services: &Services, token: &OpenIdToken) -> Result<Self, Problem> {
        let changes: DatasetChanges = services.read(PROFILE, Some(token)).await?;
        let find = |key: &str| changes.records.iter().find(|record| record.key == key).cloned();
        Ok(Self { nickname: find(NICKNAME), asked: find(ASKED) })
    }

    fn public_name(&self, provider_name: Option<&str>) -> PublicName {
        let chosen = self.nickname.as_ref().and_then(|record| record.value.as_deref());
        let is_asked = self.asked.as_ref().is_some_and(|record| record.value.is_some());
        match chosen {
            // An older launcher has taken the provider's name for the player's choice.
            Some(name) if is_asked || provider_name != Some(name) => {
                PublicName::Chosen { name: name.to_owned() }
            }
            None if is_asked => PublicName::None,
            _ => PublicName::Unasked { suggestion: provider_name.unwrap_or_default().to_owned() },
        }
    }

    fn choice(&self, name: Option<&str>) -> Vec<RecordChange> {
        let change = |key: &str, value: Option<&str>, record: &Option<Record>| RecordChange {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            sync_count: record.as_ref().map_or(0, |record| record.sync_count),
        };
        let mut changes = vec![change(ASKED, Some("yes"), &self.asked)];
        // A name that was never there can't be removed.
        if name.is_some() || self.nickname.as_ref().is_some_and(|record| record.value.is_some()) {
            changes.push(change(NICKNAME, name, &self.nickname));
        }
        changes
    }
}
