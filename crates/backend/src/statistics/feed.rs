//! The consumer of the stream of scores.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::StatisticsStore;
use crate::platform::{Database, StoreError};
use crate::scores::{ScoreStream, Scores};

/// Events that are taken at once.
const BATCH: usize = 100;

/// How long to wait after a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);
/// How long an unannounced score may wait: a client that leaves takes its request along, between the
/// score and the bell too.
const AT_LATEST: Duration = Duration::from_secs(3);

/// Counts everything that is pending, and answers how many events that was.
pub async fn feed_statistics(
    stream: &dyn ScoreStream,
    counts: &dyn StatisticsStore,
) -> Result<usize, StoreError> {
    let mut fed = 0;
    loop {
        let events = stream.pending(BATCH).await?;
        if events.is_empty() {
            return Ok(fed);
        }
        // Counted first, then acknowledged: killed in between, the same events come again and count once. The
        // other way round, they would be lost.
        counts.apply(&events).await?;
        fed += events.len();
        let runs: Vec<_> = events.into_iter().map(|event| event.run).collect();
        stream.acknowledge(&runs).await?;
    }
}

/// Feeds the statistics in the process that also takes the scores.
#[derive(Clone)]
pub struct Feeder {
    /// The stored scores.
    pub stream: Arc<dyn ScoreStream>,
    /// The counts.
    pub counts: Arc<dyn StatisticsStore>,
    /// Rung when a score was stored.
    pub new_score: Arc<Notify>,
}

impl Feeder {
    /// The feeder of an SQLite file, which hears of the scores that this service takes.
    pub fn on_sqlite(database: &Database, scores: &Scores) -> Feeder {
        let database = Arc::new(database.clone());
        Feeder { stream: database.clone(), counts: database, new_score: Arc::clone(&scores.new_score) }
    }

    /// Counts what an earlier process left, then each new score, until `stop` is ready.
    ///
    /// A failing store is reported and asked again: the events wait in the stream, and none is lost.
    pub async fn feed_until(&self, on_fault: fn(&str), stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        loop {
            let fed = feed_statistics(&*self.stream, &*self.counts).await;
            let wait = async {
                match fed {
                    Ok(_) => {
                        let _rung = tokio::time::timeout(AT_LATEST, self.new_score.notified()).await;
                    }
                    Err(error) => {
                        on_fault(&error.to_string());
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            };
            tokio::select! {
                () = wait => {}
                () = &mut stop => return,
            }
        }
    }
}
