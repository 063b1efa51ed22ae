//! New tables on a server, and everything that looks at them.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::types::{AttributeValue, TableStatus};
use aws_sdk_dynamodb::{Client, config};
use aws_types::SdkConfig;
use naru_backend::platform::{DynamoDb, Tables};
use naru_backend::scores::DynamoDbBoard;
use naru_backend::statistics::DynamoDbStatistics;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::stream::Delivery;
use super::tables;
use crate::stores::Stores;

/// A server that answers like DynamoDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    name: &'static str,
    variable: &'static str,
    pub has_streams: bool,
}

pub const MOTO: Peer = Peer { name: "moto", variable: "NARU_TEST_MOTO", has_streams: true };
pub const DYNALITE: Peer = Peer { name: "dynalite", variable: "NARU_TEST_DYNALITE", has_streams: false };

/// Tables of one test.
pub struct World {
    pub peer: Peer,
    pub endpoint: String,
    pub prefix: String,
    pub client: Client,
    pub database: DynamoDb,
    pub board: DynamoDbBoard,
    pub statistics: DynamoDbStatistics,
    _turn: SemaphorePermit<'static>,
}

/// Both servers do one thing at a time: tests that wait for each other would run into their patience.
static TURNS: [(Peer, Semaphore); 2] = [(MOTO, Semaphore::const_new(1)), (DYNALITE, Semaphore::const_new(1))];

impl World {
    /// Makes the tables; nothing where the server is not named.
    pub async fn on(peer: Peer) -> Option<World> {
        let Ok(endpoint) = std::env::var(peer.variable) else {
            // Not `eprintln!`, which the test runner keeps to itself when a test passes.
            let (name, variable) = (peer.name, peer.variable);
            let words =
                format!("NOT CHECKED on {name}: {variable} is not set; `cargo xtask test` starts it\n");
            std::io::stderr().write_all(words.as_bytes()).unwrap();
            return None;
        };
        let turn = TURNS.iter().find(|(of, _)| *of == peer).unwrap().1.acquire().await.unwrap();
        let prefix = format!("t{:016x}", fastrand::u64(..));
        let client = Client::from_conf(config::Builder::from(&sdk(&endpoint, &prefix)).build());
        for table in tables::of_infra() {
            table.create(&client, &prefix, peer.has_streams).await;
        }
        let database = database(&endpoint, &prefix);
        let (board, statistics) = (DynamoDbBoard::new(&database), DynamoDbStatistics::new(&database));
        let world = World { peer, endpoint, prefix, client, database, board, statistics, _turn: turn };
        world.wait().await;
        Some(world)
    }

    /// dynalite takes a moment to make a table, as AWS does.
    async fn wait(&self) {
        for table in tables::of_infra() {
            let table = self.table(&table.name);
            loop {
                let answer = self.client.describe_table().table_name(&table).send().await.unwrap();
                if answer.table.unwrap().table_status == Some(TableStatus::Active) {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        }
    }

    pub fn table(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    pub fn stores(self) -> Stores {
        let (board, statistics) = (Arc::new(self.board.clone()), Arc::new(self.statistics.clone()));
        Stores::of(Arc::new(self.database.clone()), board, statistics, Arc::new(Delivery::of(&self)), self)
    }

    /// The adapter, which looks for one of the tables where it is not.
    pub fn database_without(&self, missing: &str) -> DynamoDb {
        let (prefix, missing) = (self.prefix.clone(), missing.to_owned());
        let name = move |table| match table == missing {
            true => "absent".to_owned(),
            false => format!("{prefix}-{table}"),
        };
        DynamoDb::new(&sdk(&self.endpoint, &self.prefix), Tables::named(name))
    }

    /// Everything in a table.
    pub async fn items(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let scan = self.client.scan().table_name(self.table(table)).consistent_read(true);
        scan.into_paginator().items().send().collect::<Result<_, _>>().await.unwrap()
    }
}

/// The adapter on tables of this prefix.
pub fn database(endpoint: &str, prefix: &str) -> DynamoDb {
    let tables = prefix.to_owned();
    DynamoDb::new(&sdk(endpoint, prefix), Tables::named(move |table| format!("{tables}-{table}")))
}

/// The region is the test's own, too: moto copies all tables of a region for each transaction.
fn sdk(endpoint: &str, region: &str) -> SdkConfig {
    let keys = Credentials::new("test", "test", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .build()
}
