//! What every command works with.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use naru_patcher::{InstallFolder, ProgressSink};

use crate::config::{Config, Flags};
use crate::failure::{Changed, Failure};
use crate::given::Given;
use crate::language::Language;
use crate::output::Output;
use crate::progress::Watcher;
use crate::world::World;

/// What a command may leave behind when it fails or is stopped.
#[derive(Debug, Clone, Default)]
enum Stake {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Nothing ever: it only reads.
    OnlyRead,
    /// A release.
    Release,
    /// The install folder.
    Install(PathBuf),
    /// It has done its work.
    Done,
}

/// The surroundings, the output and the settings of one command.
pub struct Context {
    /// What the process was started with.
    pub world: World,
    /// Where words go.
    pub output: Arc<Output>,
    /// Who hears of progress.
    pub watcher: Arc<Watcher>,
    /// What a suggested command has to repeat.
    pub given: Arc<Given>,
    config_file: Option<PathBuf>,
    stake: Mutex<Stake>,
}

impl Context {
    /// A context for one command.
    pub fn new(world: World, output: Output, config_file: Option<PathBuf>, given: Given) -> Self {
        let output = Arc::new(output);
        Self {
            world,
            watcher: Arc::new(Watcher::new(Arc::clone(&output))),
            output,
            given: Arc::new(given),
            config_file,
            stake: Mutex::default(),
        }
    }

    /// The language of sentences.
    pub fn language(&self) -> Language {
        self.output.language
    }

    /// The file of `--config`.
    pub fn config_file(&self) -> Option<&Path> {
        self.config_file.as_deref()
    }

    /// The settings, with the command's own flags on top.
    pub fn config(&self, flags: Flags) -> Result<Config, Failure> {
        Config::load(&self.world, self.config_file(), flags)
    }

    /// The watcher as the engine takes it.
    pub fn progress(&self) -> Arc<dyn ProgressSink> {
        let watcher: Arc<Watcher> = Arc::clone(&self.watcher);
        watcher
    }

    /// The command only reads.
    pub fn only_read(&self) {
        self.set(Stake::OnlyRead);
    }

    /// From here on the command writes to the store.
    pub fn begin_release(&self) {
        self.set(Stake::Release);
    }

    /// From here on the command writes to an install folder.
    pub fn begin_install(&self, folder: &Path) {
        self.set(Stake::Install(folder.to_path_buf()));
    }

    /// The command has done its work; only telling of it is left.
    pub fn done(&self) {
        self.set(Stake::Done);
    }

    /// What the command has changed so far.
    pub fn changed(&self) -> Changed {
        let stake = self.stake.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match stake {
            Stake::Nothing => Changed::Nothing,
            Stake::OnlyRead => Changed::OnlyRead,
            Stake::Release if self.watcher.is_released() => Changed::Released,
            Stake::Release => Changed::OnlyUploads,
            Stake::Install(folder) => match InstallFolder::new(folder).status() {
                Ok(status) if status.interrupted => Changed::Midway,
                _ => Changed::OnlyStage,
            },
            Stake::Done => Changed::Everything,
        }
    }

    fn set(&self, stake: Stake) {
        *self.stake.lock().unwrap_or_else(PoisonError::into_inner) = stake;
    }
}
