//! What may begin now.

use serde::Serialize;
use ts_rs::TS;

/// What keeps each action from beginning. It may begin where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Obstacles {
    /// Starting the game.
    pub play: Vec<Obstacle>,
    /// Comparing a build, publishing it and going back to an earlier release.
    pub publish: Vec<Obstacle>,
    /// Putting a newer launcher in place.
    pub self_update: Vec<Obstacle>,
}

/// Something that keeps an action from beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// The game runs.
    Game,
    /// A job runs.
    Job,
    /// A newer launcher is being put in place.
    SelfUpdate,
    /// No game is installed.
    NotInstalled,
}
