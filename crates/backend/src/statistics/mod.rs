//! The statistics service: how often which scores were reached, fed from the stream of stored scores.

mod dynamodb;
mod feed;
mod requests;
mod rules;
mod sqlite;
mod store;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::platform::{Allowances, Database};

pub use dynamodb::{DynamoDbStatistics, StreamBatch, StreamError, consume_batch};
pub use feed::{Feeder, feed_statistics};
pub use rules::ScoreCount;
pub use store::StatisticsStore;

/// The tables of the SQLite file.
pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// What the service works with. It needs no identity.
#[derive(Clone)]
pub struct Statistics {
    /// The counts.
    pub counts: Arc<dyn StatisticsStore>,
    /// How often they may be read.
    pub allowances: Allowances,
}

impl Statistics {
    /// The service on an SQLite file.
    pub fn on_sqlite(database: &Database, allowances: &Allowances) -> Statistics {
        Statistics { counts: Arc::new(database.clone()), allowances: allowances.clone() }
    }

    /// The service on DynamoDB's table `statistics`.
    pub fn on_dynamodb(counts: DynamoDbStatistics, allowances: &Allowances) -> Statistics {
        Statistics { counts: Arc::new(counts), allowances: allowances.clone() }
    }

    /// Its routes; with the counts in the shape of 2017 where that is wanted.
    pub fn routes(self, shapes_2017: bool) -> OpenApiRouter {
        requests::routes(shapes_2017).with_state(self)
    }
}
