//! The releases of the channel.

use std::sync::Arc;

use naru_operations::{self as operations, Tracker};
use naru_patcher::{ReleaseSummary, Silent};

use super::Publisher;
use crate::view::{Bilingual, Problem, ReleaseRow};

impl Publisher {
    /// The releases of the channel, newest first.
    pub async fn releases(&self) -> Result<Vec<ReleaseRow>, Problem> {
        let tracker = Arc::new(Tracker::new(Arc::new(Silent)));
        let log = self.context.release_log(tracker.clone()).await?;
        let releases = operations::releases(&log, &tracker).await?;
        Ok(releases.into_iter().map(ReleaseRow::from).collect())
    }
}

impl From<ReleaseSummary> for ReleaseRow {
    fn from(release: ReleaseSummary) -> Self {
        Self {
            number: release.number,
            date: release.date.map(|date| date.to_string()),
            notes: Bilingual::of_notes(&release.notes),
            files: release.files,
            bytes: release.bytes,
            content_of: release.content_of,
            live: release.live,
            // A release of 2017 has no manifest that could be named again.
            can_roll_back: !release.live && !release.made_by_2017,
        }
    }
}
