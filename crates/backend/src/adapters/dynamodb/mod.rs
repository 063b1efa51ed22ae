//! Every store in DynamoDB, in the tables that `infra/tables.tf` makes.
//!
//! One item is changed by one conditional write: the condition is checked where the item is, so no
//! writer decides on what it read before. Only counting an event for the first time touches two
//! items, and is a transaction. Reads of the tables are strongly consistent; the board's index
//! cannot be. Source:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html>

mod allowance;
mod attributes;
mod board;
mod datasets;
mod failure;
mod place;
mod players;
mod playing;
mod runs;
mod scores;
mod statistics;
mod stream;
mod tables;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::domain::ScoreCount;

pub use self::stream::{StreamBatch, StreamError};
pub use self::tables::Tables;

/// Tries of one request when DynamoDB is busy or gone, and the first pause between them, which doubles.
/// The SDK's own first pause, a second, is made for services that answer more slowly.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(50);
/// One try. The slowest request carries a few hundred kilobytes.
const TRY: Duration = Duration::from_secs(4);
/// All tries together: below the 20 seconds that a function of the API has.
const PATIENCE: Duration = Duration::from_secs(12);
/// Places that are counted for a rank: twenty pages of an index query, half a second.
const COUNTED_PLACES: u64 = 100_000;

/// For how long the statistics are told without reading them again.
const STATISTICS_TOLD_FOR: Duration = Duration::from_secs(30);

/// The statistics as they were read last.
type Histogram = Arc<Mutex<Option<(Instant, Vec<ScoreCount>)>>>;

/// The tables. Cheap to clone; all clones read the statistics together.
#[derive(Debug, Clone)]
pub struct DynamoDb {
    client: Client,
    tables: Arc<Tables>,
    counted_places: u64,
    statistics_told_for: Duration,
    histogram_read: Histogram,
}

impl DynamoDb {
    /// Uses the credentials, region and address of `sdk`.
    pub fn new(sdk: &SdkConfig, tables: Tables) -> DynamoDb {
        let timeouts =
            TimeoutConfig::builder().operation_attempt_timeout(TRY).operation_timeout(PATIENCE).build();
        let config = Builder::from(sdk)
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES).with_initial_backoff(PAUSE))
            .timeout_config(timeouts)
            .build();
        let client = Client::from_conf(config);
        DynamoDb {
            client,
            tables: Arc::new(tables),
            counted_places: COUNTED_PLACES,
            statistics_told_for: STATISTICS_TOLD_FOR,
            histogram_read: Histogram::default(),
        }
    }

    /// Tells the statistics for so long without reading them again.
    #[must_use]
    pub fn telling_statistics_for(self, told_for: Duration) -> DynamoDb {
        DynamoDb { statistics_told_for: told_for, ..self }
    }

    /// Counts at most so many places for a rank, which bounds what one costs. Who stands below them
    /// all is told the next number.
    #[must_use]
    pub fn counting_places_to(self, places: u64) -> DynamoDb {
        DynamoDb { counted_places: places, ..self }
    }
}
