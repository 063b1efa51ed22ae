//! The change stream of the table of scores, delivered as AWS Lambda delivers it.
//!
//! On moto the records come from its own DynamoDB Streams; dynalite has none, so there each item of
//! the table stands for the record of its insertion.

use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;
use naru_backend::platform::StoreError;
use naru_backend::scores::{RunId, ScoreEvent, ScoreStream};
use naru_backend::statistics::StreamBatch;
use serde_json::{Value, json};

use super::stream_records::StreamRecords;
use super::world::World;

/// What calls the consumer again and again until all is acknowledged.
pub struct Delivery {
    endpoint: String,
    region: String,
    table: String,
    has_streams: bool,
    acknowledged: Mutex<BTreeSet<RunId>>,
}

impl Delivery {
    pub fn of(world: &World) -> Delivery {
        Delivery {
            endpoint: world.endpoint.clone(),
            region: world.prefix.clone(),
            table: world.table("scores"),
            has_streams: world.peer.has_streams,
            acknowledged: Mutex::default(),
        }
    }

    /// Everything that the stream has, as the event of one call.
    pub async fn event(&self) -> String {
        let records = match self.has_streams {
            true => self.records().all().await,
            false => self.scanned().await,
        };
        json!({ "Records": records }).to_string()
    }

    async fn scanned(&self) -> Vec<Value> {
        let scan = json!({ "TableName": self.table, "ConsistentRead": true });
        let answer = self.records().ask("DynamoDB_20120810.Scan", scan).await;
        assert_eq!(answer["LastEvaluatedKey"], Value::Null, "one page is enough here");
        let items = answer["Items"].as_array().unwrap().iter().zip(1..);
        let record = |(item, number): (&Value, u32)| json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": item } });
        items.map(record).collect()
    }

    fn records(&self) -> StreamRecords<'_> {
        StreamRecords { endpoint: &self.endpoint, region: &self.region, table: &self.table }
    }
}

#[async_trait]
impl ScoreStream for Delivery {
    async fn pending(&self, limit: usize) -> Result<Vec<ScoreEvent>, StoreError> {
        let batch = StreamBatch::read(&self.event().await).unwrap();
        assert!(batch.unreadable().is_empty(), "what the adapter wrote, it can read");
        let acknowledged: Vec<_> = self.acknowledged.lock().unwrap().iter().cloned().collect();
        batch.acknowledge(&acknowledged).await?;
        batch.pending(limit).await
    }

    async fn acknowledge(&self, events: &[RunId]) -> Result<(), StoreError> {
        self.acknowledged.lock().unwrap().extend(events.iter().cloned());
        Ok(())
    }
}
