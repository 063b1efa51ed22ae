//! The slices of all features behind one lock, and what of them is seen.

use super::obstacles::obstacles;
use crate::account::AccountState;
use crate::game::{GameState, followed_channel};
use crate::jobs::JobsState;
use crate::lease::Holder;
use crate::publisher::PublisherState;
use crate::self_update::SelfUpdateState;
use crate::settings::SettingsState;
use crate::state_cell::State;
use crate::view::{
    Account, Game, Job, LauncherEvent, LauncherUpdate, Obstacles, Provider, PublisherAccess, Settings,
};

/// Everything that changes while the launcher runs.
pub(super) struct LauncherState {
    pub(super) settings: SettingsState,
    pub(super) game: GameState,
    pub(super) account: AccountState,
    pub(super) jobs: JobsState,
    pub(super) publisher: PublisherState,
    pub(super) self_update: SelfUpdateState,
}

/// What of it windows see.
pub(super) struct Shown {
    pub(super) settings: Settings,
    pub(super) game: Game,
    pub(super) account: Account,
    pub(super) providers: Vec<Provider>,
    pub(super) job: Option<Job>,
    pub(super) publisher: PublisherAccess,
    pub(super) launcher_update: LauncherUpdate,
    pub(super) obstacles: Obstacles,
}

impl LauncherState {
    fn obstacles(&self) -> Obstacles {
        let holders = [self.game.holder(), self.jobs.holder(), self.self_update.holder()];
        let holders: Vec<Holder> = holders.into_iter().flatten().collect();
        obstacles(&holders, self.game.installed.release.is_some())
    }
}

impl State for LauncherState {
    type Shown = Shown;
    type Event = LauncherEvent;

    fn shown(&self) -> Shown {
        let chosen = self.settings.chosen_channel();
        let channel = followed_channel(chosen, self.game.installed.release.as_ref());
        Shown {
            game: self.game.shown(chosen, &channel),
            settings: self.settings.shown(&self.game.folder, channel),
            account: self.account.shown(),
            providers: self.account.providers(),
            job: self.jobs.shown(),
            publisher: self.publisher.shown(),
            launcher_update: self.self_update.shown(),
            obstacles: self.obstacles(),
        }
    }

    fn events(before: &Shown, after: &Shown) -> Vec<LauncherEvent> {
        let events = [
            changed(&before.settings, &after.settings, LauncherEvent::Settings),
            changed(&before.account, &after.account, LauncherEvent::Account),
            changed(&before.providers, &after.providers, LauncherEvent::Providers),
            changed(&before.game, &after.game, LauncherEvent::Game),
            changed(&before.job, &after.job, LauncherEvent::Job),
            changed(&before.publisher, &after.publisher, LauncherEvent::Publisher),
            changed(&before.launcher_update, &after.launcher_update, LauncherEvent::LauncherUpdate),
            changed(&before.obstacles, &after.obstacles, LauncherEvent::Obstacles),
        ];
        events.into_iter().flatten().collect()
    }
}

fn changed<T: Clone + PartialEq>(
    before: &T,
    after: &T,
    event: impl FnOnce(T) -> LauncherEvent,
) -> Option<LauncherEvent> {
    (before != after).then(|| event(after.clone()))
}
