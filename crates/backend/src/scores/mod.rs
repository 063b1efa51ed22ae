//! The scores service: issues runs, replays recordings by the game's own rules, and keeps the board.

mod dynamodb;
mod issue_run;
mod playing_time;
mod quickjs;
mod refusal;
mod requests;
mod rules;
mod simulation;
mod sqlite;
mod standing;
mod store;
mod submit_score;

use std::sync::Arc;

use axum::extract::FromRef;
use tokio::sync::Notify;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::{Database, DynamoDb, Platform, Quota};
use crate::player_data::PublicNames;

pub use dynamodb::DynamoDbBoard;
pub(crate) use dynamodb::{raise_missed_best, to_score};
pub use issue_run::issue_run;
pub use quickjs::{EngineLimits, ModuleError, QuickJs};
pub use refusal::Refusal;
pub use rules::{
    Best, BoardKey, CountedRank, Outcome, Playing, Recording, RecordingError, Run, RunId, RunRefusal, Score,
    ScoreEvent,
};
pub use simulation::{ReplayError, Rules, Simulation};
pub use store::{PlayingStore, Recorded, RunStore, ScoreBoard, ScoreStore, ScoreStream};
pub use submit_score::submit_score;

/// The tables of the SQLite file.
pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// Readings of the board and, with them, of the statistics.
pub(crate) const READ: Quota = Quota { address: 300, ..Quota::per_minute("read", 120) };

/// What the service works with.
#[derive(Clone)]
pub struct Scores {
    /// The runs.
    pub runs: Arc<dyn RunStore>,
    /// What time of the players their runs have taken.
    pub playing: Arc<dyn PlayingStore>,
    /// The scores.
    pub scores: Arc<dyn ScoreStore>,
    /// The board.
    pub board: Arc<dyn ScoreBoard>,
    /// The names that the board shows.
    pub names: PublicNames,
    /// The game's rules.
    pub simulation: Arc<dyn Simulation>,
    /// Rung when a score was stored, for a consumer of the stream in this process.
    pub new_score: Arc<Notify>,
    /// Who asks, how often they may, and when.
    pub platform: Platform,
}

impl Scores {
    /// The service on an SQLite file.
    pub fn on_sqlite(database: &Database, simulation: Arc<dyn Simulation>, platform: &Platform) -> Scores {
        let stores = Arc::new(database.clone());
        Scores {
            runs: stores.clone(),
            playing: stores.clone(),
            scores: stores.clone(),
            board: stores,
            names: PublicNames::on_sqlite(database),
            simulation,
            new_score: Arc::default(),
            platform: platform.clone(),
        }
    }

    /// The service on DynamoDB's tables `runs`, `playing`, `scores`, `board` and, for the names, `datasets`.
    /// New scores are not signalled here: AWS delivers the stream of the table `scores`.
    pub fn on_dynamodb(database: &DynamoDb, simulation: Arc<dyn Simulation>, platform: &Platform) -> Scores {
        let stores = Arc::new(database.clone());
        Scores {
            runs: stores.clone(),
            playing: stores.clone(),
            scores: stores,
            board: Arc::new(DynamoDbBoard::new(database)),
            names: PublicNames::on_dynamodb(database),
            simulation,
            new_score: Arc::default(),
            platform: platform.clone(),
        }
    }

    /// Its routes; with the board in the shape of 2017 where that is wanted.
    pub fn routes(self, shapes_2017: bool) -> OpenApiRouter {
        requests::routes(shapes_2017).with_state(self)
    }
}

impl FromRef<Scores> for Platform {
    fn from_ref(service: &Scores) -> Platform {
        service.platform.clone()
    }
}
