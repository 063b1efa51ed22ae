//! The services: ports put together.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::adapters::{Database, DynamoDb, StreamBatch};
use crate::domain::ServiceLimits;
use crate::flows::Allowances;
use crate::ports::{
    Allowance, Clock, DatasetStore, PlayerRecords, PlayingStore, RunStore, ScoreBoard, ScoreStore,
    ScoreStream, Simulation, Statistics, SystemClock, TokenVerifier,
};

/// Everything that a request needs. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The runs.
    pub runs: Arc<dyn RunStore>,
    /// What time of the players their runs have taken.
    pub playing: Arc<dyn PlayingStore>,
    /// The scores.
    pub scores: Arc<dyn ScoreStore>,
    /// Their change stream.
    pub stream: Arc<dyn ScoreStream>,
    /// The board.
    pub board: Arc<dyn ScoreBoard>,
    /// The statistics.
    pub statistics: Arc<dyn Statistics>,
    /// The players' datasets.
    pub datasets: Arc<dyn DatasetStore>,
    /// The records of players with an account of our own.
    pub players: Arc<dyn PlayerRecords>,
    /// Rate limits.
    pub allowance: Arc<dyn Allowance>,
    /// The game's rules.
    pub simulation: Arc<dyn Simulation>,
    /// Who sends a request.
    pub tokens: Arc<dyn TokenVerifier>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How much one player may ask for.
    pub limits: ServiceLimits,
    /// Rung when a score was stored, for a consumer of the stream in this process.
    pub new_score: Arc<Notify>,
}

impl Services {
    /// The services with every store in one SQLite file.
    pub fn on_sqlite(
        database: &Database,
        simulation: Arc<dyn Simulation>,
        tokens: Arc<dyn TokenVerifier>,
    ) -> Services {
        let database = Arc::new(database.clone());
        Services::over(database.clone(), database, simulation, tokens)
    }

    /// The services with every store in DynamoDB. The stream is not theirs to read: AWS delivers it to
    /// [`consume_batch`](crate::consume_batch), so nothing is ever pending here.
    pub fn on_dynamodb(
        database: &DynamoDb,
        simulation: Arc<dyn Simulation>,
        tokens: Arc<dyn TokenVerifier>,
    ) -> Services {
        let stream = Arc::new(StreamBatch::default());
        Services::over(Arc::new(database.clone()), stream, simulation, tokens)
    }

    /// The rate limits.
    pub fn allowances(&self) -> Allowances {
        Allowances::new(self.allowance.clone(), self.clock.clone(), self.limits)
    }

    fn over<S>(
        stores: Arc<S>,
        stream: Arc<dyn ScoreStream>,
        simulation: Arc<dyn Simulation>,
        tokens: Arc<dyn TokenVerifier>,
    ) -> Services
    where
        S: RunStore
            + PlayingStore
            + ScoreStore
            + ScoreBoard
            + Statistics
            + DatasetStore
            + PlayerRecords
            + Allowance
            + 'static,
    {
        Services {
            runs: stores.clone(),
            playing: stores.clone(),
            scores: stores.clone(),
            stream,
            board: stores.clone(),
            statistics: stores.clone(),
            datasets: stores.clone(),
            players: stores.clone(),
            allowance: stores,
            simulation,
            tokens,
            clock: Arc::new(SystemClock),
            limits: ServiceLimits::default(),
            new_score: Arc::default(),
        }
    }
}
