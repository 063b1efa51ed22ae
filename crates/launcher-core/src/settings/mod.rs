//! What the player has chosen.

mod change;
mod file;

use std::path::{Path, PathBuf};

use naru_patcher::RateLimit;

pub use file::chosen_language;
pub(crate) use file::{Moving, SettingsFile, Stored};

use crate::recheck::Recheck;
use crate::state_cell::Slice;
use crate::view::{self, Language, Problem};

/// The settings' part of the state.
pub(crate) struct SettingsState {
    stored: Stored,
    system_language: Language,
}

impl SettingsState {
    pub(crate) fn new(stored: Stored, system_language: Language) -> Self {
        Self { stored, system_language }
    }

    /// What is seen, with the folder and the line of releases that count.
    pub(crate) fn shown(&self, install_folder: &Path, channel: String) -> view::Settings {
        let stored = &self.stored;
        let text = |folder: &Path| folder.to_string_lossy().into_owned();
        view::Settings {
            language: stored.language,
            shown_language: stored.language.unwrap_or(self.system_language),
            install_folder: text(install_folder),
            channel,
            rate_limit: stored.rate_limit,
            launch_arguments: stored.launch_arguments.clone(),
            start_with_system: stored.start_with_system,
            close_to_tray: stored.close_to_tray,
            build_folder: stored.build_folder.as_deref().map(text),
        }
    }

    pub(crate) fn chosen_channel(&self) -> Option<&str> {
        self.stored.channel.as_deref()
    }
}

/// The settings, in memory and on the disk.
pub struct Settings {
    state: Slice<SettingsState>,
    file: SettingsFile,
    rate_limit: RateLimit,
    recheck: Recheck,
}

impl Settings {
    pub(crate) fn new(state: Slice<SettingsState>, file: SettingsFile, recheck: Recheck) -> Self {
        let rate_limit = RateLimit::new(state.read(|state| state.stored.rate_limit));
        Self { state, file, rate_limit, recheck }
    }

    /// One limit for all downloads: a change of the setting is felt by the one that runs.
    pub(crate) fn rate_limit(&self) -> RateLimit {
        self.rate_limit.clone()
    }

    /// The line of releases that the player has chosen; nothing means the installed one's.
    pub(crate) fn chosen_channel(&self) -> Option<String> {
        self.state.read(|state| state.stored.channel.clone())
    }

    pub(crate) fn launch_arguments(&self) -> Vec<String> {
        self.state.read(|state| state.stored.launch_arguments.clone())
    }

    pub(crate) fn build_folder(&self) -> Option<PathBuf> {
        self.state.read(|state| state.stored.build_folder.clone())
    }

    /// Changes the settings on the disk, and then what counts: never the other way round.
    pub(crate) fn store(&self, change: impl FnOnce(&mut Stored)) -> Result<(), Problem> {
        self.state.change(|state| {
            let mut stored = state.stored.clone();
            change(&mut stored);
            self.file.save(&stored).map_err(|error| Problem::io(&error, "settings.json"))?;
            self.rate_limit.set(stored.rate_limit);
            state.stored = stored;
            Ok(())
        })
    }
}
