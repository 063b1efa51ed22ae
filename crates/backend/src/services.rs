//! The list of the services. A new one has its line in each part of this file, and nowhere else outside its
//! own folder.

use std::path::Path;
use std::sync::Arc;

use axum::Router;

use crate::accounts::{self, Accounts, Registration};
use crate::platform::{self, Database, Platform, StoreError};
use crate::player_data::{self, PlayerData};
use crate::scores::{self, Scores, Simulation};
use crate::statistics::{self, Feeder, Statistics};

/// The tables of an SQLite file.
const SCHEMAS: [&str; 5] =
    [platform::SCHEMA, accounts::SCHEMA, scores::SCHEMA, statistics::SCHEMA, player_data::SCHEMA];

/// Opens or makes the SQLite file of all services. Blocks.
pub fn open_database(file: &Path) -> Result<Database, StoreError> {
    Database::open(file, &SCHEMAS)
}

/// All services of one process. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Logs players in.
    pub accounts: Accounts,
    /// Takes new accounts of the user pool.
    pub registration: Registration,
    /// Runs, scores and the board.
    pub scores: Scores,
    /// How often which scores were reached.
    pub statistics: Statistics,
    /// Feeds them.
    pub feeder: Feeder,
    /// Datasets.
    pub player_data: PlayerData,
    /// What all of them share.
    pub platform: Platform,
}

/// What the router offers beside its own routes, and whom it tells.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Told what went wrong inside, or at a login provider, when an answer has a status of 5xx: the
    /// client is not.
    pub on_fault: fn(&str),
    /// Also answers `GET /2017/scoreboard` and `GET /2017/scorehistory` in the shapes of 2017.
    ///
    /// Off by default: 2017 games send no login, so anyone who finds the address can read all
    /// names and scores in one answer. Their way to send a score is not offered at all, since it
    /// would have the service believe a number that the client made up.
    pub shapes_2017: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { on_fault: |_| {}, shapes_2017: false }
    }
}

impl Services {
    /// The services with every store in one SQLite file. In AWS each function has one of them, on DynamoDB.
    pub fn on_sqlite(
        database: &Database,
        game: Arc<dyn Simulation>,
        accounts: Accounts,
        platform: Platform,
    ) -> Services {
        let scores = Scores::on_sqlite(database, game, &platform);
        Services {
            accounts,
            registration: Registration {
                records: Arc::new(database.clone()),
                clock: Arc::clone(&platform.clock),
            },
            feeder: Feeder::on_sqlite(database, &scores),
            scores,
            statistics: Statistics::on_sqlite(database, &platform.allowances),
            player_data: PlayerData::on_sqlite(database, &platform),
            platform,
        }
    }

    /// All routes, with the description of them at `/openapi.json`.
    pub fn router(self, options: Options) -> Router {
        let routes = [
            self.scores.routes(options.shapes_2017),
            self.statistics.routes(options.shapes_2017),
            self.player_data.routes(),
            accounts::routes(self.accounts, self.platform.allowances),
        ];
        platform::router(routes, options.on_fault)
    }
}
