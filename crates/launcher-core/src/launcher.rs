//! The launcher: one value that is opened once and asked by every window. It puts the features
//! together, and has no rule of its own.

mod obstacles;
mod open;
mod state;

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use naru_brand::Endpoints;

use crate::account::Account;
use crate::environment::Folders;
use crate::game::Game;
use crate::jobs::Jobs;
use crate::news::News;
use crate::outside;
use crate::publisher::Publisher;
use crate::scores::Scores;
use crate::self_update::SelfUpdate;
use crate::settings::Settings;
use crate::state_cell::StateCell;
use crate::support;
use crate::system_variables::SystemVariables;
use crate::view::{self, Brand, LauncherEvent, Problem};
use state::LauncherState;

/// Hears of every change, in order. Called from one task; it may ask the launcher.
pub trait Listener: Send + Sync {
    /// Something has changed.
    fn on_event(&self, event: LauncherEvent);
}

/// The launcher without a window.
pub struct Launcher {
    version: String,
    brand: Brand,
    endpoints: Endpoints,
    folders: Folders,
    system_variables: SystemVariables,
    cell: Arc<StateCell<LauncherState>>,
    account: Arc<Account>,
    game: Arc<Game>,
    jobs: Jobs,
    news: News,
    publisher: Arc<Publisher>,
    scores: Scores,
    self_update: Arc<SelfUpdate>,
    settings: Arc<Settings>,
}

impl Launcher {
    /// Everything that a window shows, at this moment.
    pub fn view(&self) -> view::Launcher {
        let shown = self.cell.shown();
        view::Launcher {
            version: self.version.clone(),
            brand: self.brand.clone(),
            settings: shown.settings,
            game: shown.game,
            account: shown.account,
            providers: shown.providers,
            job: shown.job,
            publisher: shown.publisher,
            launcher_update: shown.launcher_update,
            obstacles: shown.obstacles,
        }
    }

    /// Asks the server which release there is, and the services which providers they have.
    pub async fn check(&self) {
        // What can't be asked now is asked next time, or at a login.
        self.account.ask_for_providers_later();
        self.game.check().await;
    }

    /// Who is logged in.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// The installed game.
    pub fn game(&self) -> &Arc<Game> {
        &self.game
    }

    /// The long work under way.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// The studio's news.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// The publisher's part.
    pub fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// The score service.
    pub fn scores(&self) -> &Scores {
        &self.scores
    }

    /// Newer launchers.
    pub fn self_update(&self) -> &Arc<SelfUpdate> {
        &self.self_update
    }

    /// What the player has chosen.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Opens a page in the browser or a folder in the file manager.
    pub async fn open_outside(&self, target: impl AsRef<OsStr>) -> io::Result<()> {
        outside::open(target, &self.system_variables).await
    }

    /// Writes a bundle for the studio's support and answers where it is. Whatever looks like a secret is
    /// blotted out in everything that goes in. Blocks.
    pub fn support_bundle(&self) -> Result<PathBuf, Problem> {
        let report = support::Report {
            view: self.view(),
            endpoints: &self.endpoints,
            secrets: self.account.secrets(),
        };
        support::write_bundle(&self.folders, &report)
    }
}
