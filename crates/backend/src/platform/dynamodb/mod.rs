//! DynamoDB, in the tables that `infra/tables.tf` makes.
//!
//! A service has its stores as implementations of its traits for [`DynamoDb`], or for a type around it where
//! a store remembers something. One item is changed by one conditional write: the condition is checked where
//! the item is, so no writer decides on what it read before. Only counting an event for the first time touches
//! two items, and is a transaction. Reads of the tables are strongly consistent; the board's index
//! cannot be. Source:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html>

mod attributes;
mod failure;
mod tables;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_types::SdkConfig;

pub(crate) use attributes::{
    Item, Unreadable, binary, expiry, number, read_bytes, read_number, read_player, read_str, read_time,
    string, time,
};
pub(crate) use failure::{failed, if_held};
pub use tables::Tables;

/// Tries of one request when DynamoDB is busy or gone, and the first pause between them, which doubles.
/// The SDK's own first pause, a second, is made for services that answer more slowly.
const TRIES: u32 = 6;
const PAUSE: Duration = Duration::from_millis(50);
/// One try. The slowest request carries a few hundred kilobytes.
const TRY: Duration = Duration::from_secs(4);
/// All tries together: below the 20 seconds that a function of the API has.
const PATIENCE: Duration = Duration::from_secs(12);

/// The tables. Cheap to clone.
#[derive(Clone)]
pub struct DynamoDb {
    client: Client,
    tables: Tables,
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
        DynamoDb { client: Client::from_conf(config), tables }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The name in AWS of a table of `infra/tables.tf`.
    pub(crate) fn table(&self, table: &'static str) -> String {
        self.tables.name_of(table)
    }
}
