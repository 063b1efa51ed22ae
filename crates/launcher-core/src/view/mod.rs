//! What a window shows, as values. `ui/src/backend/types.ts` is generated from this folder.

mod account;
mod admin;
mod brand;
mod event;
mod game;
mod job;
mod launcher_update;
mod obstacles;
mod problem;
mod scores;
mod settings;
mod typescript;

use serde::Serialize;
use ts_rs::TS;

pub use account::{Account, LoginWay, Player, Provider, PublicName, Remembered};
pub use admin::{Build, BuildChange, BuildChangeKind, Prediction, PublisherAccess, ReleaseRow};
pub use brand::{Bilingual, Brand, NewsItem};
pub use event::LauncherEvent;
pub use game::{Action, Game, InstalledRelease, Offer, OfferedRelease};
pub use job::{
    GameUse, Job, JobKind, JobPhase, JobState, JobTraits, JobWarning, JobWarningKind, Outcome, Transfer,
};
pub use launcher_update::LauncherUpdate;
pub use naru_protocol::ErrorCode;
pub use obstacles::{Obstacle, Obstacles};
pub use problem::{Changed, Problem, ProblemCode};
pub use scores::{Board, BoardRow, Statistics, StatisticsBar};
pub use settings::{FolderLook, Language, Settings, SettingsChange};
pub use typescript::typescript;

/// Everything that the main window shows, at one moment. Later changes come as [`LauncherEvent`]s.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Launcher {
    /// The launcher's version.
    pub version: String,
    /// Whose launcher it is.
    pub brand: Brand,
    /// What the player has chosen.
    pub settings: Settings,
    /// The game.
    pub game: Game,
    /// Who is logged in.
    pub account: Account,
    /// The providers that a login can be tried at; empty where no services are configured.
    pub providers: Vec<Provider>,
    /// The work under way, or the last one that has not been put away.
    pub job: Option<Job>,
    /// Whether the publisher's part is shown, and what it can do.
    pub publisher: PublisherAccess,
    /// Whether there is a newer launcher.
    pub launcher_update: LauncherUpdate,
    /// What may begin now.
    pub obstacles: Obstacles,
}
