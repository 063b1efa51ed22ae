//! The installed game, for work on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use naru_patcher::{InstallFolder, Phase, PhaseProgress, ProgressSink, Silent, Total, Warning};
use tokio::time::sleep;

use super::installed::{Installed, followed_channel};
use super::state::GameState;
use crate::settings::Settings;
use crate::state_cell::Slice;
use crate::view::Problem;

/// How often, and how many times, it is asked whether the engine's own threads have let go.
const LETTING_GO: Duration = Duration::from_millis(50);
const MOST_ASKED: u32 = 600;

/// The installed game, for work on it and for questions about its folder.
#[derive(Clone)]
pub(crate) struct InstalledGame {
    pub(crate) state: Slice<GameState>,
    pub(crate) settings: Arc<Settings>,
}

impl InstalledGame {
    pub(crate) fn folder(&self) -> PathBuf {
        self.state.read(|state| state.folder.clone())
    }

    pub(crate) fn install_folder(&self) -> InstallFolder {
        InstallFolder::new(self.folder())
    }

    pub(crate) fn channel(&self) -> String {
        let chosen = self.settings.chosen_channel();
        self.state.read(|state| followed_channel(chosen.as_deref(), state.installed.release.as_ref()))
    }

    pub(super) fn is_midway(&self) -> bool {
        self.state.read(|state| state.installed.is_midway)
    }

    /// Looks again, after work on the folder. Blocks for as long as the disk takes.
    pub(crate) fn look_again(&self) {
        let folder = self.folder();
        let installed = Installed::look(&folder);
        self.state.change(|state| {
            if state.folder == folder {
                state.installed = installed;
            }
        });
    }

    /// Finishes an update that was cut off while files were being put in place: until then the game
    /// is neither the old release nor the new one. Needs no server. Blocks.
    pub(crate) fn recover(&self) -> Result<(), Problem> {
        if self.install_folder().recover(&Logged)? {
            tracing::info!("an interrupted update was finished");
        }
        Ok(())
    }

    /// Waits for the engine where its work was dropped, and looks at what it has left.
    pub(super) async fn settle(&self, is_dropped: bool) {
        if is_dropped {
            self.wait_for_engine().await;
        }
        self.look_again();
    }

    /// Blocking threads of the engine outlive cancellation and hold its lock: the next job would find
    /// the folder busy.
    async fn wait_for_engine(&self) {
        let folder = self.install_folder();
        for _ in 0..MOST_ASKED {
            if !folder.is_in_use() {
                return;
            }
            sleep(LETTING_GO).await;
        }
    }
}

/// Writes to the log what had to be left out. The next check offers those files as an update.
struct Logged;

impl ProgressSink for Logged {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        Silent.start(phase, total)
    }

    fn warn(&self, warning: Warning) {
        tracing::warn!(?warning, "an interrupted update was finished");
    }
}
