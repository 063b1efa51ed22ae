//! What AWS Lambda hands to the consumer of the score stream.
//!
//! Lambda reads the stream, a batch at a time, and calls the consumer again with what the answer
//! names as failed; so the acknowledgement of the port is this answer. Sources:
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::platform::dynamodb::{Item, Unreadable, binary};
use crate::platform::{DynamoDb, StoreError};
use crate::scores::{self, RunId, Score, ScoreEvent, ScoreStream};

/// One batch of the stream of the table `scores`.
#[derive(Debug, Default)]
pub struct StreamBatch {
    /// In the order of the stream.
    records: Mutex<Vec<Delivered>>,
}

/// A record that is not acknowledged.
#[derive(Debug)]
struct Delivered {
    sequence: String,
    /// Nothing for a record that can't be read.
    score: Option<Score>,
}

/// A call of the function that is no batch of a stream.
#[derive(Debug, thiserror::Error)]
#[error("not a batch of a DynamoDB stream: {0}")]
pub struct StreamError(#[from] serde_json::Error);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    dynamodb: Change,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Change {
    sequence_number: String,
    #[serde(default)]
    new_image: HashMap<String, Value>,
}

/// The types of attributes that a score has; any other makes the record unreadable, not the batch.
#[derive(Deserialize)]
enum Value {
    S(String),
    N(String),
    B(String),
    #[serde(untagged)]
    Other(serde::de::IgnoredAny),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Vec<Failure>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

impl StreamBatch {
    /// Reads the event of a call. Changes and removals of scores, which only an operator makes, are
    /// no events of ours.
    pub fn read(event: &str) -> Result<StreamBatch, StreamError> {
        let event: Event = serde_json::from_str(event)?;
        let inserts = event.records.into_iter().filter(|record| record.event_name == "INSERT");
        let records = inserts.map(|Record { dynamodb, .. }| Delivered {
            score: to_score(dynamodb.new_image).ok(),
            sequence: dynamodb.sequence_number,
        });
        Ok(StreamBatch { records: Mutex::new(records.collect()) })
    }

    /// The scores that are not acknowledged.
    fn scores(&self) -> Vec<Score> {
        self.lock().iter().filter_map(|record| record.score.clone()).collect()
    }

    /// The sequence numbers of records that can't be read: nothing that a repetition would heal.
    pub fn unreadable(&self) -> Vec<String> {
        let records = self.lock();
        let unreadable = records.iter().filter(|record| record.score.is_none());
        unreadable.map(|record| record.sequence.clone()).collect()
    }

    /// The answer to Lambda. It goes on from the first record named here; those after it come again,
    /// and count once all the same.
    pub fn answer(&self) -> String {
        let failures = self.lock().iter().map(|record| record.sequence.clone()).collect::<Vec<_>>();
        let batch_item_failures =
            failures.into_iter().map(|item_identifier| Failure { item_identifier }).collect();
        serde_json::to_string(&Answer { batch_item_failures }).unwrap_or_default()
    }

    /// Moves up the bests that a writer of these scores did not live to move.
    pub async fn raise_missed_bests(&self, database: &DynamoDb) -> Result<(), StoreError> {
        for score in self.scores() {
            scores::raise_missed_best(database, &score).await?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Delivered>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ScoreStream for StreamBatch {
    /// Records that can't be read are passed over: one of them must not hold up the others.
    async fn pending(&self, limit: usize) -> Result<Vec<ScoreEvent>, StoreError> {
        let scores = self.scores().into_iter().take(limit);
        Ok(scores.map(|score| ScoreEvent { run: score.run, points: score.points }).collect())
    }

    async fn acknowledge(&self, events: &[RunId]) -> Result<(), StoreError> {
        let is_done = |score: &Score| events.contains(&score.run);
        self.lock().retain(|record| !record.score.as_ref().is_some_and(is_done));
        Ok(())
    }
}

fn to_score(image: HashMap<String, Value>) -> Result<Score, Unreadable> {
    let values = image.into_iter().filter_map(|(name, value)| Some((name, to_attribute(value)?)));
    scores::to_score(&values.collect::<Item>())
}

fn to_attribute(value: Value) -> Option<AttributeValue> {
    match value {
        Value::S(text) => Some(AttributeValue::S(text)),
        Value::N(digits) => Some(AttributeValue::N(digits)),
        Value::B(text) => Some(binary(BASE64_STANDARD.decode(text).ok()?)),
        Value::Other(_) => None,
    }
}
