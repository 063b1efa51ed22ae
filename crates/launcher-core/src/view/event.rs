//! The one funnel of news from the launcher to its windows.

use serde::Serialize;
use ts_rs::TS;

use super::{Account, Game, Job, LauncherUpdate, Obstacles, Provider, PublisherAccess, Settings};

/// Something has changed. Each carries the whole new value, so that a missed one costs nothing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "about", content = "value", rename_all = "kebab-case")]
pub enum LauncherEvent {
    /// The game.
    Game(Game),
    /// The work under way; nothing when it was put away.
    Job(Option<Job>),
    /// The login.
    Account(Account),
    /// The providers: the services have said which they have.
    Providers(Vec<Provider>),
    /// The settings.
    Settings(Settings),
    /// The publisher's part: credentials were found.
    Publisher(PublisherAccess),
    /// A newer launcher.
    LauncherUpdate(LauncherUpdate),
    /// What may begin.
    Obstacles(Obstacles),
    /// The scores may have changed: ask again.
    Scores(()),
}
