//! What every command works with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_operations::{Environment, Tracker};
use naru_protocol::ErrorCode;

use crate::catalogue::no_home;
use crate::config::{Config, Flags};
use crate::failure::Failure;
use crate::language::words;
use crate::output::Output;
use crate::progress::Watcher;
use crate::repeated_flags::RepeatedFlags;

/// The surroundings, the output and the settings of one command.
pub struct Context {
    /// What the process was started with.
    pub environment: Environment,
    /// Whether Naru can prompt.
    pub can_ask: bool,
    /// Where words go.
    pub output: Arc<Output>,
    /// Who shows progress and warnings.
    pub watcher: Arc<Watcher>,
    /// What the command has changed so far.
    pub tracker: Arc<Tracker>,
    /// What a suggested command has to repeat.
    pub flags: Arc<RepeatedFlags>,
    config_file: Option<PathBuf>,
}

impl Context {
    /// A context for one command.
    pub fn new(
        (environment, can_ask): (Environment, bool),
        output: Output,
        config_file: Option<PathBuf>,
        flags: RepeatedFlags,
    ) -> Self {
        let output = Arc::new(output);
        let watcher = Arc::new(Watcher::new(Arc::clone(&output)));
        Self {
            environment,
            can_ask,
            tracker: Arc::new(Tracker::new(watcher.clone())),
            output,
            watcher,
            flags: Arc::new(flags),
            config_file,
        }
    }

    /// A path of the command line.
    pub fn path(&self, written: &Path) -> Result<PathBuf, Failure> {
        let path = self.environment.path(written);
        path.map_err(|error| Failure::new(ErrorCode::Config, no_home(written, &error)))
    }

    /// The file of `--config`.
    pub fn config_file(&self) -> Option<&Path> {
        self.config_file.as_deref()
    }

    /// The settings, with the command's own flags on top.
    pub fn config(&self, flags: Flags) -> Result<Config, Failure> {
        Config::load(&self.environment, self.config_file(), flags)
    }

    /// Warns a publisher whose players will see a release late.
    pub fn warn_without_distribution(&self, config: &Config) {
        if config.distribution.is_none() {
            let words = words!(
                "edge.distribution is not set: players see a release when the edge's copy of version.json expires",
                "edge.distribution이 설정되지 않았습니다. 엣지의 version.json 사본이 만료된 뒤에야 플레이어가 새 릴리스를 받습니다"
            );
            self.watcher.warn_about("no-distribution", None, &words);
        }
    }
}
