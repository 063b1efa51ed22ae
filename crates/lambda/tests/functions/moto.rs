//! AWS, as moto plays it: tables and parameters of one test's own.

use std::collections::HashMap;
use std::io::Write;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, PutRequest, WriteRequest};
use aws_sdk_ssm::types::ParameterType;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::tables;

/// An unused region.
fn new_region() -> String {
    format!("f{:016x}", fastrand::u64(..))
}

pub type Item = HashMap<String, AttributeValue>;

/// As many items as one request writes:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
const BATCH: usize = 25;

/// moto does one thing at a time: tests that wait for each other would run into their patience.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A separate region in moto.
pub struct Moto {
    pub endpoint: String,
    pub region: String,
    /// What the names of its tables begin with.
    prefix: String,
    sdk: SdkConfig,
    _turn: Option<SemaphorePermit<'static>>,
}

impl Moto {
    /// New tables, as `infra/tables.tf` makes them; nothing where moto is not named.
    pub async fn new() -> Option<Moto> {
        Moto::with_tables(&new_region()).await
    }

    /// The same in a region that may be others' too.
    pub async fn with_tables(region: &str) -> Option<Moto> {
        let mut moto = Moto::without_tables(region)?;
        moto._turn = Some(TURNS.acquire().await.unwrap());
        for table in tables::of_infra() {
            table.create(&moto.dynamodb(), &moto.prefix, true).await;
        }
        Some(moto)
    }

    /// A region that may be others' too; nothing where moto is not named.
    pub fn without_tables(region: &str) -> Option<Moto> {
        let Ok(endpoint) = std::env::var("NARU_TEST_MOTO") else {
            let words = b"NOT CHECKED: NARU_TEST_MOTO is not set; `cargo xtask test` starts it\n";
            std::io::stderr().write_all(words).unwrap();
            return None;
        };
        let credentials = Credentials::new("test", "test", None, None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(&endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        Some(Moto { endpoint, region: region.to_owned(), prefix: new_region(), sdk, _turn: None })
    }

    fn dynamodb(&self) -> Client {
        Client::new(&self.sdk)
    }

    /// The name of a table.
    pub fn table(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }

    /// All items of a table.
    pub async fn items(&self, table: &str) -> Vec<Item> {
        let scan = self.dynamodb().scan().table_name(self.table(table)).consistent_read(true);
        scan.into_paginator().items().send().collect::<Result<_, _>>().await.unwrap()
    }

    /// Puts items, over those of the same key.
    pub async fn put_all(&self, table: &str, items: Vec<Item>) {
        let put = |item| PutRequest::builder().set_item(Some(item)).build().unwrap();
        self.write(
            table,
            items.into_iter().map(|item| WriteRequest::builder().put_request(put(item)).build()),
        )
        .await;
    }

    /// Forgets which requests players have sent.
    pub async fn forget_allowances(&self) {
        let delete = |mut item: Item| {
            item.retain(|name, _| name == "player" || name == "action");
            let delete = DeleteRequest::builder().set_key(Some(item)).build().unwrap();
            WriteRequest::builder().delete_request(delete).build()
        };
        self.write("allowances", self.items("allowances").await.into_iter().map(delete)).await;
    }

    async fn write(&self, table: &str, requests: impl Iterator<Item = WriteRequest>) {
        let requests: Vec<_> = requests.collect();
        for batch in requests.chunks(BATCH) {
            let write = self.dynamodb().batch_write_item().request_items(self.table(table), batch.to_vec());
            let answer = write.send().await.unwrap();
            assert!(answer.unprocessed_items.unwrap_or_default().is_empty(), "moto does all of it");
        }
    }

    /// Keeps a secret, as `infra/README.md` has the operator do it.
    pub async fn put_secret(&self, name: &str, value: &str) {
        let put = aws_sdk_ssm::Client::new(&self.sdk).put_parameter().name(name).value(value);
        put.r#type(ParameterType::SecureString).send().await.unwrap();
    }
}
