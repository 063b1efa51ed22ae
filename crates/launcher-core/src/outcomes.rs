//! From what each operation comes to, to the one shape that windows show.

use naru_operations::{PublishOutcome, UpdateOutcome};
use naru_patcher::{Repaired, Verification};
use naru_protocol::RelPath;

use crate::view::{Build, Outcome};

impl From<UpdateOutcome> for Outcome {
    fn from(outcome: UpdateOutcome) -> Self {
        match outcome {
            UpdateOutcome::UpToDate(updated) => Self { release: Some(updated.to), ..Self::default() },
            UpdateOutcome::Installed(updated) => Self {
                release: Some(updated.to),
                travelled_bytes: updated.downloaded_bytes,
                kept: names(&updated.kept),
                ..Self::default()
            },
        }
    }
}

impl From<Verification> for Outcome {
    fn from(found: Verification) -> Self {
        Self {
            release: Some(found.release),
            wounds: found.wounds.len() as u64,
            kept: names(&found.changed_by_player),
            ..Self::default()
        }
    }
}

impl From<Repaired> for Outcome {
    fn from(repaired: Repaired) -> Self {
        Self {
            release: Some(repaired.release),
            travelled_bytes: repaired.downloaded_bytes,
            wounds: repaired.wounds.len() as u64,
            ..Self::default()
        }
    }
}

impl From<Build> for Outcome {
    fn from(build: Build) -> Self {
        Self { release: build.live, ..Self::default() }
    }
}

impl From<PublishOutcome> for Outcome {
    fn from(outcome: PublishOutcome) -> Self {
        let release = outcome.release();
        Self { release: Some(release.number), travelled_bytes: release.uploaded_bytes, ..Self::default() }
    }
}

fn names(paths: &[RelPath]) -> Vec<String> {
    paths.iter().map(RelPath::to_string).collect()
}
