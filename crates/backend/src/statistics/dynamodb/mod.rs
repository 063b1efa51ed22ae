//! The counts of all scores in DynamoDB: one item for each number of points, and one for each event counted.
//!
//! That an event was counted and the count itself change in one transaction. A set of events inside
//! the item of the count would need none, and would outgrow the 400 KB of an item in a day.

mod consumer;
mod stream;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, Put, TransactWriteItem, Update};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tokio::time::Instant;

pub use consumer::consume_batch;
pub use stream::{StreamBatch, StreamError};

use super::{ScoreCount, StatisticsStore};
use crate::platform::dynamodb::{Item, Unreadable, expiry, failed, number, read_number, string};
use crate::platform::{Clock, DynamoDb, StoreError, SystemClock};
use crate::scores::{RunId, ScoreEvent};

const TABLE: &str = "statistics";
/// The marks of the events that were counted.
const COUNTED: &str = "counted";

const COUNTING: &str = "counting scores";
const READING: &str = "reading the statistics";

/// Half of what one transaction takes: an event has its own item, and at worst its own count. Source:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html>
const AT_ONCE: usize = 50;

/// A stream delivers for a day, and what was set aside waits two weeks to be counted by hand.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How often a transaction that met another one is tried again, and the first pause, which doubles.
const TRIES: u32 = 9;
const PAUSE: Duration = Duration::from_millis(10);

/// For how long the statistics are told without reading them again.
const TOLD_FOR: Duration = Duration::from_secs(30);

/// The statistics as they were read last.
type Histogram = Arc<Mutex<Option<(Instant, Vec<ScoreCount>)>>>;

/// The counts. All clones read them together.
#[derive(Clone)]
pub struct DynamoDbStatistics {
    database: DynamoDb,
    told_for: Duration,
    read: Histogram,
}

#[async_trait]
impl StatisticsStore for DynamoDbStatistics {
    async fn apply(&self, events: &[ScoreEvent]) -> Result<(), StoreError> {
        let distinct: BTreeMap<&RunId, u32> = events.iter().map(|event| (&event.run, event.points)).collect();
        let distinct: Vec<_> = distinct.into_iter().collect();
        for group in distinct.chunks(AT_ONCE) {
            self.count(group.to_vec()).await?;
        }
        // A process that counts and answers must answer with what it has counted.
        *self.read.lock().await = None;
        Ok(())
    }

    /// Reads the whole table, which has one small item for each score that was ever reached; at most once in
    /// half a minute, however many ask this process.
    async fn histogram(&self) -> Result<Vec<ScoreCount>, StoreError> {
        // Held while the table is read: who asks meanwhile waits for the same answer.
        let mut read = self.read.lock().await;
        if let Some((at, counts)) = &*read
            && at.elapsed() < self.told_for
        {
            return Ok(counts.clone());
        }
        let counts = self.read_histogram().await?;
        *read = Some((Instant::now(), counts.clone()));
        Ok(counts)
    }
}

impl DynamoDbStatistics {
    /// The counts of a database.
    pub fn new(database: &DynamoDb) -> DynamoDbStatistics {
        DynamoDbStatistics { database: database.clone(), told_for: TOLD_FOR, read: Histogram::default() }
    }

    /// Tells the statistics for so long without reading them again.
    #[must_use]
    pub fn telling_for(self, told_for: Duration) -> DynamoDbStatistics {
        DynamoDbStatistics { told_for, ..self }
    }

    async fn read_histogram(&self) -> Result<Vec<ScoreCount>, StoreError> {
        let mut counts = BTreeMap::new();
        let mut from = None;
        loop {
            let scan =
                self.database.client().scan().table_name(self.database.table(TABLE)).consistent_read(true);
            let answer = scan.set_exclusive_start_key(from).send().await.map_err(failed(READING))?;
            for item in answer.items() {
                let (points, count) = to_count(item).map_err(Unreadable::while_doing(READING))?;
                counts.insert(points, count);
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(counts.into_iter().map(|(points, count)| ScoreCount { points, count }).collect());
            }
        }
    }
}

/// Why a transaction did nothing, where it can be tried again.
enum Cancelled {
    /// These of its events, by their place, were counted before.
    Counted(BTreeSet<usize>),
    /// Another transaction had one of the items, or the table was busy.
    Met(StoreError),
}

impl DynamoDbStatistics {
    /// Counts what was not counted yet of a few events of different runs.
    async fn count(&self, mut events: Vec<(&RunId, u32)>) -> Result<(), StoreError> {
        let mut pause = PAUSE;
        let mut met = 0;
        while !events.is_empty() {
            match self.count_all(&events).await? {
                Ok(()) => return Ok(()),
                Err(Cancelled::Counted(places)) => {
                    let mut place = 0..;
                    events.retain(|_| !place.next().is_some_and(|place| places.contains(&place)));
                }
                Err(Cancelled::Met(error)) => {
                    met += 1;
                    if met == TRIES {
                        return Err(error);
                    }
                    tokio::time::sleep(pause + jitter(pause)).await;
                    pause *= 2;
                }
            }
        }
        Ok(())
    }

    /// Counts all of these events, or none.
    async fn count_all(&self, events: &[(&RunId, u32)]) -> Result<Result<(), Cancelled>, StoreError> {
        let mut writes = Vec::new();
        // The mark and the count in one transaction: a stream delivers at least once, and killed between two
        // writes an event would count twice, or never.
        for (run, _) in events {
            writes.push(TransactWriteItem::builder().put(self.mark(run)?).build());
        }
        for (points, count) in tally(events) {
            writes.push(TransactWriteItem::builder().update(self.add(points, count)?).build());
        }
        let answer =
            self.database.client().transact_write_items().set_transact_items(Some(writes)).send().await;
        match answer {
            Ok(_) => Ok(Ok(())),
            Err(error) => cancelled(error, events.len()).map(Err),
        }
    }

    fn mark(&self, run: &RunId) -> Result<Put, StoreError> {
        let forgotten = SystemClock.now().saturating_add(REMEMBERED).unwrap_or(Timestamp::MAX);
        let put = Put::builder()
            .table_name(self.database.table(COUNTED))
            .item("run", string(run.as_str()))
            .item("expires_at", expiry(forgotten))
            .condition_expression("attribute_not_exists(run)");
        put.build().map_err(|error| StoreError::new(COUNTING, error))
    }

    fn add(&self, points: u32, count: u64) -> Result<Update, StoreError> {
        let update = Update::builder()
            .table_name(self.database.table(TABLE))
            .key("points", number(points))
            .update_expression("ADD reached :more")
            .expression_attribute_values(":more", number(count));
        update.build().map_err(|error| StoreError::new(COUNTING, error))
    }
}

/// A transaction may name an item once.
fn tally(events: &[(&RunId, u32)]) -> BTreeMap<u32, u64> {
    let mut counts = BTreeMap::new();
    for (_, points) in events {
        *counts.entry(*points).or_insert(0) += 1;
    }
    counts
}

/// The reasons stand in the order of the writes; those of the events come first.
fn cancelled(error: SdkError<TransactWriteItemsError>, events: usize) -> Result<Cancelled, StoreError> {
    let reasons: Vec<CancellationReason> = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(refusal)) => {
            refusal.cancellation_reasons().to_vec()
        }
        _ => Vec::new(),
    };
    let is = |code| move |reason: &CancellationReason| reason.code() == Some(code);
    let counted = (0..events).filter(|&place| reasons.get(place).is_some_and(is("ConditionalCheckFailed")));
    let counted: BTreeSet<usize> = counted.collect();
    let error = failed(COUNTING)(error);
    match () {
        () if !counted.is_empty() => Ok(Cancelled::Counted(counted)),
        () if reasons.iter().any(|reason| MET.iter().any(|code| is(code)(reason))) => {
            Ok(Cancelled::Met(error))
        }
        () => Err(error),
    }
}

/// What passes by itself. The SDK does not repeat a cancelled transaction.
const MET: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// Two that met once do not meet again because they waited equally long.
fn jitter(pause: Duration) -> Duration {
    pause.mul_f64(f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX))
}

fn to_count(item: &Item) -> Result<(u32, u64), Unreadable> {
    Ok((read_number(item, "points")?, read_number(item, "reached")?))
}
