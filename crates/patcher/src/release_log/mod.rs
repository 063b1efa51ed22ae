//! The releases of one channel: listing them, going back to one, and letting the next one go live.
//!
//! The bucket keeps every version of the channel's pointer, so the list of releases is the list of
//! these versions. Nothing here needs a build folder.

mod documents;
mod go_live;
mod history;
mod invalidation;
mod invalidation_marker;
mod rollback;
mod versions_2017;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use naru_protocol::{Channel, Keys};
use naru_store::{Invalidator, WriteStore};
use serde::Serialize;

pub(crate) use documents::IMMUTABLE_CACHING;
pub(crate) use go_live::Index;
pub use go_live::Published;
use history::PastPointer;
pub(crate) use history::{History, Next};
pub use rollback::RollbackPlan;
pub(crate) use versions_2017::Versions2017;

use crate::{ProgressSink, PublishError};

/// What listing, rolling back and publishing share: which channel, and where.
#[derive(Debug, Clone)]
pub struct ChannelOptions {
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The channel.
    pub channel: Channel,
    /// A per-user folder for the stat cache and the invalidation marker; without one, every file is read each
    /// time, and an invalidation may be repeated.
    pub cache: Option<PathBuf>,
}

impl Default for ChannelOptions {
    /// Prefix `update`, channel `live`, no cache.
    fn default() -> Self {
        Self { prefix: "update".into(), channel: Channel::live(), cache: None }
    }
}

/// The releases of one channel.
#[derive(Clone)]
pub struct ReleaseLog {
    pub(crate) store: Arc<dyn WriteStore>,
    invalidator: Option<Arc<dyn Invalidator>>,
    pub(crate) options: ChannelOptions,
    pub(crate) progress: Arc<dyn ProgressSink>,
}

/// One release of a channel.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseSummary {
    /// Its number.
    pub number: u64,
    /// When it was published; the 2017 format does not say.
    pub date: Option<Timestamp>,
    /// The publisher's words.
    pub notes: String,
    /// How many files; zero where the 2017 format does not say.
    pub files: u64,
    /// How many bytes; zero where the 2017 format does not say.
    pub bytes: u64,
    /// The release whose content it names again.
    pub content_of: Option<u64>,
    /// Whether the 2017 publisher made it.
    pub made_by_2017: bool,
    /// Whether players get it now.
    pub live: bool,
}

impl ReleaseLog {
    /// The log of a channel in a store. The `invalidator` is the edge in front of the store, which
    /// is invalidated for every release that goes live.
    pub fn new(
        store: Arc<dyn WriteStore>,
        invalidator: Option<Arc<dyn Invalidator>>,
        options: ChannelOptions,
        progress: Arc<dyn ProgressSink>,
    ) -> Self {
        Self { store, invalidator, options, progress }
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        &self.options.channel
    }

    /// Lists the releases of the channel, each number once and the highest first.
    pub async fn releases(&self) -> Result<Vec<ReleaseSummary>, PublishError> {
        let history = self.history().await?;
        history.warn(&*self.progress);
        Ok(history.releases().into_iter().map(summary).collect())
    }

    pub(crate) fn keys(&self) -> Keys {
        Keys::new(&self.options.prefix)
    }
}

fn summary(past: &PastPointer) -> ReleaseSummary {
    let pointer = &past.pointer;
    let release = pointer.release.as_ref();
    ReleaseSummary {
        number: pointer.version,
        date: release.map(|release| release.issued_at),
        notes: release.map(|release| release.notes.clone()).unwrap_or_default(),
        files: release.map_or(0, |release| release.files),
        bytes: release.map_or(0, |release| release.bytes),
        content_of: release.and_then(|release| release.content_of),
        made_by_2017: release.is_none(),
        live: past.is_live,
    }
}
