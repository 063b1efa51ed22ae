//! The change stream of the table of scores, delivered as AWS Lambda delivers it.
//!
//! On moto the records come from its own DynamoDB Streams; dynalite has none, so there each item of
//! the table stands for the record of its insertion.

use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;
use naru_backend::adapters::StreamBatch;
use naru_backend::domain::{RunId, ScoreEvent};
use naru_backend::ports::{ScoreStream, StoreError};
use serde_json::{Value, json};

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
            true => self.streamed().await,
            false => self.scanned().await,
        };
        json!({ "Records": records }).to_string()
    }

    async fn streamed(&self) -> Vec<Value> {
        let table = self.ask("DynamoDB_20120810.DescribeTable", json!({ "TableName": self.table })).await;
        let stream = &table["Table"]["LatestStreamArn"];
        let described =
            self.ask("DynamoDBStreams_20120810.DescribeStream", json!({ "StreamArn": stream })).await;
        let mut records = Vec::new();
        for shard in described["StreamDescription"]["Shards"].as_array().unwrap() {
            let from = json!({
                "StreamArn": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON",
            });
            let from = self.ask("DynamoDBStreams_20120810.GetShardIterator", from).await;
            let get = json!({ "ShardIterator": from["ShardIterator"], "Limit": 1000 });
            let got = self.ask("DynamoDBStreams_20120810.GetRecords", get).await;
            records.extend(got["Records"].as_array().unwrap().iter().cloned());
        }
        records
    }

    async fn scanned(&self) -> Vec<Value> {
        let scan = json!({ "TableName": self.table, "ConsistentRead": true });
        let answer = self.ask("DynamoDB_20120810.Scan", scan).await;
        assert_eq!(answer["LastEvaluatedKey"], Value::Null, "one page is enough here");
        let items = answer["Items"].as_array().unwrap().iter().zip(1..);
        let record = |(item, number): (&Value, u32)| json!({ "eventName": "INSERT", "dynamodb": { "SequenceNumber": number.to_string(), "NewImage": item } });
        items.map(record).collect()
    }

    /// Without the SDK, which would translate what is to be read as it travels.
    async fn ask(&self, target: &str, body: Value) -> Value {
        let scope = format!("Credential=test/20260101/{}/dynamodb/aws4_request", self.region);
        let request = reqwest::Client::new()
            .post(&self.endpoint)
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", target)
            .header("x-amz-date", "20260101T000000Z")
            .header("authorization", format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{target}: {status} {text}");
        serde_json::from_str(&text).unwrap()
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
