//! The jobs on the installed game.

use std::path::PathBuf;
use std::sync::Arc;

use naru_patcher::{InstallFolder, Updated};
use naru_protocol::RelPath;

use super::Meter;
use crate::core::Core;
use crate::view::{Offer, Outcome, Problem};

impl Core {
    /// Installs the channel's release.
    pub(super) async fn update(&self, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let _folder = self.folder.lock().await;
        let updater = self.updater(&self.install(), meter.clone())?;
        let plan = updater.plan().await?;
        let outcome = match plan.is_empty() {
            true => Outcome { release: Some(plan.to), travelled_bytes: 0, wounds: 0, kept: Vec::new() },
            false => updated(updater.update(plan).await?),
        };
        self.change(|state| {
            state.wounds = 0;
            state.offer = Offer::UpToDate;
        });
        Ok(outcome)
    }

    /// Reads every byte of the game.
    pub(super) async fn verify(&self, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let _folder = self.folder.lock().await;
        let found = InstallFolder::new(self.install()).verify(meter.clone()).await?;
        let wounds = found.wounds.len() as u64;
        self.change(|state| state.wounds = wounds);
        Ok(Outcome {
            release: Some(found.release),
            travelled_bytes: 0,
            wounds,
            kept: names(found.changed_by_player),
        })
    }

    /// Reads every byte of the game, and fetches what is damaged.
    pub(super) async fn repair(&self, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let _folder = self.folder.lock().await;
        let mended = self.updater(&self.install(), meter.clone())?.repair().await?;
        self.change(|state| state.wounds = 0);
        Ok(Outcome {
            release: Some(mended.release),
            travelled_bytes: mended.downloaded_bytes,
            wounds: mended.wounds.len() as u64,
            kept: Vec::new(),
        })
    }

    pub(crate) fn install(&self) -> PathBuf {
        self.read(|state| state.install.clone())
    }
}

fn updated(updated: Updated) -> Outcome {
    Outcome {
        release: Some(updated.to),
        travelled_bytes: updated.downloaded_bytes,
        wounds: 0,
        kept: names(updated.kept),
    }
}

fn names(paths: Vec<RelPath>) -> Vec<String> {
    paths.iter().map(RelPath::to_string).collect()
}
