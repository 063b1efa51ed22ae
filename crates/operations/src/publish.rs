//! Publishing a build folder as a channel's next release.

use naru_patcher::{PublishError, PublishPlan, Published, Publisher};
use naru_protocol::Channel;
use serde::{Serialize, Serializer};

use crate::failure::failed;
use crate::{Answer, OperationError, Tracker};

/// What publishing came to. Rolling back comes to the same.
#[derive(Debug, Clone)]
pub enum PublishOutcome {
    /// Players get this content already: no release was made.
    AlreadyLive(Published),
    /// A new release is live.
    Published {
        /// On which channel.
        channel: Channel,
        /// The release, and what it took.
        release: Published,
    },
}

impl PublishOutcome {
    /// The live release.
    pub fn release(&self) -> &Published {
        match self {
            Self::AlreadyLive(release) | Self::Published { release, .. } => release,
        }
    }
}

impl Serialize for PublishOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Live {
            published: bool,
            number: u64,
            files: u64,
            bytes: u64,
        }
        #[derive(Serialize)]
        struct New<'a> {
            published: bool,
            channel: &'a Channel,
            #[serde(flatten)]
            release: &'a Published,
        }
        match self {
            Self::AlreadyLive(Published { number, files, bytes, .. }) => {
                Live { published: false, number: *number, files: *files, bytes: *bytes }.serialize(serializer)
            }
            Self::Published { channel, release } => {
                New { published: true, channel, release }.serialize(serializer)
            }
        }
    }
}

/// Compares the build folder with the live release and publishes what differs. `None` where the plan
/// was not wanted.
pub async fn publish<E: From<OperationError>>(
    publisher: &Publisher,
    tracker: &Tracker,
    confirm: impl AsyncFnOnce(&PublishPlan) -> Result<Answer, E>,
) -> Result<Option<PublishOutcome>, E> {
    let plan = publisher.plan().await.map_err(failed(tracker))?;
    match confirm(&plan).await? {
        Answer::Stop => Ok(None),
        Answer::Proceed => Ok(Some(publish_plan(publisher, tracker, plan).await?)),
    }
}

/// Publishes a plan that was made before. Where another release has gone live since, the condition of
/// the pointer's write refuses it.
pub async fn publish_plan(
    publisher: &Publisher,
    tracker: &Tracker,
    plan: PublishPlan,
) -> Result<PublishOutcome, OperationError> {
    let (channel, is_live) = (publisher.channel(), plan.is_empty());
    make_live(tracker, channel, is_live, publisher.publish(plan)).await
}

/// Carries out what makes a release live. Where it is live already, the edge is told once more: an
/// earlier run may have been killed before it did.
pub(crate) async fn make_live(
    tracker: &Tracker,
    channel: &Channel,
    is_live: bool,
    work: impl Future<Output = Result<Published, PublishError>>,
) -> Result<PublishOutcome, OperationError> {
    if !is_live {
        tracker.publishes();
    }
    let release = work.await.map_err(failed(tracker))?;
    tracker.done();
    Ok(match is_live {
        true => PublishOutcome::AlreadyLive(release),
        false => PublishOutcome::Published { channel: channel.clone(), release },
    })
}
