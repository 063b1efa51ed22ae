//! What the process was started with. Only `main` fills it; everything else is handed it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_protocol::{ErrorCode, HomeError, expand_home};
use naru_store::Network;

use crate::failure::Failure;
use crate::language::words;

/// The surroundings of a command.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Environment variables whose names begin with `NARU_`.
    pub variables: BTreeMap<String, String>,
    /// The current folder.
    pub cwd: PathBuf,
    /// The user's home, where the system has one.
    pub home: Option<PathBuf>,
    /// The way out, as the environment says.
    pub network: Arc<Network>,
    /// The user's cache folder for Naru, where the system has one.
    pub cache: Option<PathBuf>,
    /// Whether somebody can answer a question.
    pub can_ask: bool,
    /// How many files this process may hold open, where there is a limit.
    pub open_files: Option<u64>,
}

impl World {
    /// A path of the command line: from the current folder, `~` being the user's home.
    pub fn path(&self, written: &Path) -> Result<PathBuf, Failure> {
        Ok(self.cwd.join(self.expanded(written)?))
    }

    /// A path whose `~` is the user's home. `--data=~/cloud` has met no shell that would have known it.
    pub fn expanded(&self, written: &Path) -> Result<PathBuf, Failure> {
        expand_home(written, self.home.as_deref()).map_err(|error| {
            let path = written.display();
            let problem = match error {
                HomeError::NoHome => words!(
                    "{path}: {error}",
                    "{path}: `~`에 해당하는 홈 폴더가 없습니다"
                ),
                HomeError::OfSomebody => words!(
                    "{path}: {error}",
                    "{path}: `~`는 본인의 홈 폴더만 뜻합니다. 이름이 `~`로 시작하는 폴더는 `./~이름`으로 쓰십시오"
                ),
            };
            Failure::new(ErrorCode::Config, problem)
        })
    }
}
