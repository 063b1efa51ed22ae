//! The consumer of the score stream.

use crate::ports::{ScoreStream, Statistics, StoreError};

/// Events that are taken at once.
const BATCH: usize = 100;

/// Counts everything that is pending, and answers how many events that was.
///
/// Killed between counting and acknowledging, it gets the same events again; they count once.
pub async fn feed_statistics(
    stream: &dyn ScoreStream,
    statistics: &dyn Statistics,
) -> Result<usize, StoreError> {
    let mut fed = 0;
    loop {
        let events = stream.pending(BATCH).await?;
        if events.is_empty() {
            return Ok(fed);
        }
        statistics.apply(&events).await?;
        fed += events.len();
        let runs: Vec<_> = events.into_iter().map(|event| event.run).collect();
        stream.acknowledge(&runs).await?;
    }
}
