//! Telling the edge that a release is live.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use naru_store::StoreError;

use super::ReleaseLog;
use super::invalidation_marker::InvalidationMarker;
use crate::remote::ReadPointer;
use crate::{Phase, Total, Warning};

/// How long an invalidation is waited for. CloudFront documents "usually within a few minutes".
const INVALIDATION_PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A live release that is younger than this may be that of a run which was killed before its
/// invalidation was through. An older one has long expired from the edge.
const INVALIDATED_AGAIN_WITHIN: SignedDuration = SignedDuration::from_mins(15);

impl ReleaseLog {
    /// Tells the edge and waits for it. The release is out whatever the edge answers, so a failure
    /// is a warning.
    pub(crate) async fn invalidate(&self, number: u64) -> Option<String> {
        let invalidator = self.invalidator.as_ref()?;
        let key = self.keys().pointer(&self.options.channel);
        let _watcher = self.progress.start(Phase::Invalidate, Total::default());
        let work = async {
            let mut state = invalidator.invalidate(&key).await?;
            while !state.completed {
                tokio::time::sleep(invalidator.poll_interval()).await;
                state = invalidator.progress(&state.id).await?;
            }
            Ok::<_, StoreError>(state.id)
        };
        let problem = match tokio::time::timeout(INVALIDATION_PATIENCE, work).await {
            Ok(Ok(id)) => {
                self.marker().inspect(|marker| marker.set(number));
                return Some(id);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "not completed after 15 minutes".to_owned(),
        };
        self.progress.warn(Warning::NotInvalidated(problem));
        None
    }

    /// Tells the edge of the live release once more, where an earlier run may have been killed between
    /// its pointer and its invalidation: what an empty plan has left to do.
    pub(super) async fn invalidate_again(&self, live: &ReadPointer) -> Option<String> {
        let live = live.pointer.release.as_ref()?;
        if Timestamp::now().duration_since(live.issued_at) > INVALIDATED_AGAIN_WITHIN {
            return None;
        }
        if self.marker().is_some_and(|marker| marker.is_at(live.number)) {
            return None;
        }
        self.invalidate(live.number).await
    }

    fn marker(&self) -> Option<InvalidationMarker> {
        let key = self.keys().pointer(&self.options.channel);
        self.options.cache.as_deref().map(|cache| InvalidationMarker::of(cache, self.store.name(), &key))
    }
}
