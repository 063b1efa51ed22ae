//! The jobs on the installed game.

use std::path::PathBuf;
use std::sync::Arc;

use naru_patcher::{Installer, Updated};
use naru_protocol::RelPath;

use super::Meter;
use crate::core::Core;
use crate::view::{Offer, Outcome, Problem};

impl Core {
    /// Installs the channel's release.
    pub(super) async fn update(&self, meter: &Arc<Meter>) -> Result<Outcome, Problem> {
        let _folder = self.folder.lock().await;
        let installer = self.installer(&self.install(), meter.clone())?;
        let plan = installer.plan().await?;
        let outcome = match plan.is_empty() {
            true => Outcome { release: Some(plan.to), travelled_bytes: 0, wounds: 0, kept: Vec::new() },
            false => updated(installer.update(plan).await?),
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
        let found = self.offline_installer(meter).verify().await?;
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
        let mended = self.installer(&self.install(), meter.clone())?.repair().await?;
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

    /// Verifying needs no server, so it must work where none is configured.
    fn offline_installer(&self, meter: &Arc<Meter>) -> Installer {
        let options = naru_patcher::UpdateOptions {
            prefix: self.endpoints.prefix.as_str().to_owned(),
            ..naru_patcher::UpdateOptions::default()
        };
        Installer::new(Arc::new(naru_store::MemoryStore::default()), self.install(), options, meter.clone())
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
