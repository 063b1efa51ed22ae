//! Everything that the launcher knows, behind one lock, and what of it is shown.

use std::path::PathBuf;
use std::sync::Arc;

use naru_patcher::GameFiles;
use tokio::sync::oneshot;

use crate::action::action;
use crate::install::Installed;
use crate::jobs::Slot;
use crate::launcher_update::Newer;
use crate::login::AccountState;
use crate::publisher::Compared;
use crate::settings::Stored;
use crate::view::{
    Account, Action, Game, Job, Language, LauncherEvent, LauncherUpdate, Offer, Provider, PublisherAccess,
    Settings,
};

/// Everything that changes while the launcher runs.
pub(crate) struct State {
    pub(crate) settings: Stored,
    pub(crate) system_language: Language,
    /// The install folder that counts.
    pub(crate) install: PathBuf,
    pub(crate) installed: Installed,
    pub(crate) offer: Offer,
    /// Dropped to stop the question that is under way.
    pub(crate) checking: Option<oneshot::Sender<()>>,
    /// Files that `verify` found wrong.
    pub(crate) wounds: u64,
    /// The files that the running game may read; nothing while it does not run.
    pub(crate) playing: Option<Arc<GameFiles>>,
    /// Whether a native game that an earlier launcher has started still runs.
    pub(crate) is_outlived: bool,
    pub(crate) account: AccountState,
    pub(crate) job: Option<Slot>,
    pub(crate) last_job: u64,
    pub(crate) publisher: PublisherAccess,
    /// What the publisher has looked at: it is what will be published.
    pub(crate) compared: Option<Compared>,
    pub(crate) newer_launcher: Newer,
}

/// What of it windows see, to find out what has changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    pub(crate) game: Game,
    pub(crate) job: Option<Job>,
    pub(crate) account: Account,
    pub(crate) providers: Vec<Provider>,
    pub(crate) settings: Settings,
    pub(crate) publisher: PublisherAccess,
    pub(crate) launcher_update: LauncherUpdate,
}

impl State {
    pub(crate) fn shown(&self) -> Shown {
        let settings = self.shown_settings();
        Shown {
            game: self.game(&settings.channel),
            job: self.job.as_ref().map(|slot| slot.shown.clone()),
            account: self.account.shown(),
            providers: self.account.providers(),
            settings,
            publisher: self.publisher.clone(),
            launcher_update: self.newer_launcher.shown.clone(),
        }
    }

    fn game(&self, channel: &str) -> Game {
        let mut game = Game {
            folder: self.install.to_string_lossy().into_owned(),
            installed: self.installed.release.clone(),
            unreadable: self.installed.unreadable.clone(),
            offer: self.offer.clone(),
            playing: self.is_playing(),
            wounds: self.wounds,
            action: Action::None,
        };
        game.action = action(&game, channel);
        game
    }

    /// Whether a game runs: nothing on the disk may change under it.
    pub(crate) fn is_playing(&self) -> bool {
        self.playing.is_some() || self.is_outlived
    }

    fn shown_settings(&self) -> Settings {
        let stored = &self.settings;
        Settings {
            language: stored.language,
            system_language: self.system_language,
            install_folder: self.install.to_string_lossy().into_owned(),
            channel: self.channel(),
            rate_limit: stored.rate_limit,
            launch_arguments: stored.launch_arguments.clone(),
            start_with_system: stored.start_with_system,
            close_to_tray: stored.close_to_tray,
            build_folder: stored.build_folder.as_ref().map(|folder| folder.to_string_lossy().into_owned()),
        }
    }

    /// The line of releases that is followed: the chosen one, else the installed one's.
    pub(crate) fn channel(&self) -> String {
        let installed = self.installed.release.as_ref().map(|release| &release.channel);
        let chosen = self.settings.channel.as_ref().or(installed).filter(|name| !name.is_empty());
        chosen.cloned().unwrap_or_else(|| "live".to_owned())
    }
}

impl Shown {
    /// The news, one for each part that is not what it was.
    pub(crate) fn news_since(self, before: Shown) -> Vec<LauncherEvent> {
        let mut news = Vec::new();
        if self.settings != before.settings {
            news.push(LauncherEvent::Settings(self.settings));
        }
        if self.account != before.account {
            news.push(LauncherEvent::Account(self.account));
        }
        if self.providers != before.providers {
            news.push(LauncherEvent::Providers(self.providers));
        }
        if self.game != before.game {
            news.push(LauncherEvent::Game(self.game));
        }
        if self.job != before.job {
            news.push(LauncherEvent::Job(self.job));
        }
        if self.publisher != before.publisher {
            news.push(LauncherEvent::Publisher(self.publisher));
        }
        if self.launcher_update != before.launcher_update {
            news.push(LauncherEvent::LauncherUpdate(self.launcher_update));
        }
        news
    }
}
