//! Bringing an install folder to its channel's release.

use naru_patcher::{UpdatePlan, Updated, Updater};
use serde::{Serialize, Serializer};

use crate::failure::failed;
use crate::{Answer, OperationError, Tracker};

/// What an update came to.
#[derive(Debug, Clone)]
pub enum UpdateOutcome {
    /// The release was installed already. An interrupted update may have been finished for that.
    UpToDate(Updated),
    /// The release was installed.
    Installed(Updated),
}

impl UpdateOutcome {
    /// The installed release, and what it took.
    pub fn release(&self) -> &Updated {
        match self {
            Self::UpToDate(release) | Self::Installed(release) => release,
        }
    }

    /// Whether the installed game has changed.
    pub fn has_changed_game(&self) -> bool {
        match self {
            Self::UpToDate(release) => release.interrupted,
            Self::Installed(_) => true,
        }
    }
}

impl Serialize for UpdateOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            updated: bool,
            #[serde(flatten)]
            release: &'a Updated,
        }
        Row { updated: self.has_changed_game(), release: self.release() }.serialize(serializer)
    }
}

/// Installs the channel's release, or brings the installed one to it. `None` where the plan was not
/// wanted.
pub async fn update<E: From<OperationError>>(
    updater: &Updater,
    tracker: &Tracker,
    confirm: impl AsyncFnOnce(&UpdatePlan) -> Result<Answer, E>,
) -> Result<Option<UpdateOutcome>, E> {
    // Planning finishes an interrupted update, which changes the game.
    tracker.installs(updater.folder());
    let plan = updater.plan().await.map_err(failed(tracker))?;
    if confirm(&plan).await? == Answer::Stop {
        return Ok(None);
    }
    let outcome = match plan.is_empty() {
        true => UpdateOutcome::UpToDate(nothing_to_do(plan)),
        false => {
            let installed = updater.update(plan).await;
            UpdateOutcome::Installed(installed.map_err(failed(tracker))?)
        }
    };
    tracker.done();
    Ok(Some(outcome))
}

/// What an update would do. It leaves no trace in the install folder.
pub async fn preview_update(updater: &Updater, tracker: &Tracker) -> Result<UpdatePlan, OperationError> {
    tracker.only_reads();
    updater.preview().await.map_err(failed(tracker))
}

fn nothing_to_do(plan: UpdatePlan) -> Updated {
    Updated {
        from: plan.from,
        to: plan.to,
        notes: plan.notes,
        interrupted: plan.interrupted,
        downloaded_bytes: 0,
        downloaded_files: 0,
        resumed_bytes: 0,
        moved_files: 0,
        deleted_files: 0,
        kept: plan.kept,
    }
}
