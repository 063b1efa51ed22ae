//! Feeding the statistics in the process that also takes the scores.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use crate::flows::feed_statistics;
use crate::services::Services;

/// How long to wait after a failure of the store.
const PAUSE: Duration = Duration::from_secs(1);
/// How long a score may wait that nobody told of: a client that leaves takes its request along, between the
/// score and the bell too.
const AT_LATEST: Duration = Duration::from_secs(3);

/// Counts what an earlier process left, then each new score, until `stop` is ready.
///
/// A failing store is reported and asked again: the events wait in the stream, and none is lost.
pub async fn feed_until(services: Services, on_fault: fn(&str), stop: impl Future<Output = ()>) {
    let mut stop = pin!(stop);
    loop {
        let fed = feed_statistics(&*services.stream, &*services.statistics).await;
        let wait = async {
            match fed {
                Ok(_) => {
                    let _rung = tokio::time::timeout(AT_LATEST, services.new_score.notified()).await;
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
