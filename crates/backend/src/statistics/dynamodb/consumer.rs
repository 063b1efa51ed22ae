//! Feeding the statistics where AWS delivers the stream of scores.

use super::{DynamoDbStatistics, StreamBatch, StreamError};
use crate::platform::DynamoDb;
use crate::statistics::feed_statistics;

/// Counts one batch of the stream, as Lambda hands it in, and makes the answer for Lambda: what is to
/// be delivered again. Any batch may come any number of times and in any order.
pub async fn consume_batch(
    database: &DynamoDb,
    event: &str,
    on_fault: fn(&str),
) -> Result<String, StreamError> {
    let batch = StreamBatch::read(event)?;
    for sequence in batch.unreadable() {
        on_fault(&format!("record {sequence} of the stream is not a score as it is written here"));
    }
    // Bests first: a batch that failed there comes again with all its records.
    let fed = match batch.raise_missed_bests(database).await {
        Ok(()) => feed_statistics(&batch, &DynamoDbStatistics::new(database)).await.map(drop),
        failed => failed,
    };
    if let Err(error) = fed {
        on_fault(&error.to_string());
    }
    Ok(batch.answer())
}
