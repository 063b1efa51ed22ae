//! The releases of the channel.

use std::sync::Arc;

use naru_patcher::{ReleaseSummary, Silent};

use crate::core::Core;
use crate::view::{Bilingual, Problem, ReleaseRow};

impl Core {
    /// The releases of the channel, newest first.
    pub async fn releases(&self) -> Result<Vec<ReleaseRow>, Problem> {
        let releases = self.release_log(Arc::new(Silent)).await?.releases().await?;
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
