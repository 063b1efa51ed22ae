//! A game that is a separate program.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use naru_patcher::GameFiles;
use naru_protocol::{Endpoint, OpenIdToken, RelPath};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::play::RunningGame;
use super::{GameProcessLock, InstalledGame};
use crate::account::Account;
use crate::system_variables::SystemVariables;
use crate::view::{ErrorCode, Problem, ProblemCode};

/// A program that fails within this time has not started, for the player.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How long a start may wait for another token.
const PATIENCE_FOR_TOKEN: Duration = Duration::from_secs(3);

/// Where the game finds the services, and what it shows them.
const SERVICES_URL: &str = "NARU_SERVICES_URL";
const SERVICES_TOKEN: &str = "NARU_SERVICES_TOKEN";

/// Starts the game's program.
pub(crate) struct NativeGame {
    pub(crate) installed: InstalledGame,
    pub(crate) account: Arc<Account>,
    pub(crate) services: Option<Endpoint>,
    pub(crate) system_variables: SystemVariables,
    pub(crate) lock: GameProcessLock,
    pub(crate) runtime: Handle,
}

impl NativeGame {
    /// Starts the program and waits a moment, whether it stays. It counts as running until its last
    /// process has ended: a program may start the real one and go.
    pub(super) async fn start(
        &self,
        (executable, arguments): (&RelPath, &[String]),
        files: Arc<GameFiles>,
        running: RunningGame,
    ) -> Result<(), Problem> {
        check_program(executable, files).await?;
        let lock = self.take_lock()?;
        let token = self.token().await;
        let folder = self.installed.folder();
        let command = self.command(&executable.below(&folder), arguments, token);
        let mut child = spawn(command, folder, lock)?;
        if let Ok(ended) = timeout(AT_ONCE, child.wait()).await {
            judge(ended)?;
        }
        self.watch(child, running);
        Ok(())
    }

    /// Keeps the game counting as running until its last process has ended.
    fn watch(&self, mut child: Child, running: RunningGame) {
        let lock = self.lock.clone();
        self.runtime.spawn(async move {
            match child.wait().await {
                Ok(status) => tracing::info!(%status, "the game's program has ended"),
                Err(error) => tracing::warn!(%error, "the game can't be waited for"),
            }
            lock.released().await;
            drop(running);
        });
    }

    /// A valid token, if one is available at once: a slow server must not delay the game.
    async fn token(&self) -> Option<OpenIdToken> {
        let account = Arc::clone(&self.account);
        // In a separate task: dropping an exchange midway may lose the login.
        let fresh = self.runtime.spawn(async move { account.fresh_token().await });
        timeout(PATIENCE_FOR_TOKEN, fresh).await.ok()?.ok()?
    }

    /// What the game holds while it runs. A disk that is full or read-only must not prevent launch.
    fn take_lock(&self) -> Result<Stdio, Problem> {
        match self.lock.take() {
            Ok(Some(file)) => Ok(file.into()),
            Ok(None) => Err(Problem::plain(ProblemCode::GameRunning)),
            Err(error) => {
                tracing::warn!(%error, "the next launcher could not see that the game runs");
                Ok(Stdio::null())
            }
        }
    }

    fn command(&self, program: &Path, arguments: &[String], token: Option<OpenIdToken>) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).args(self.installed.settings.launch_arguments());
        // The launcher's own environment may hold a publisher's keys, or another player's session.
        self.system_variables.hand_to(command.as_std_mut());
        if let Some(url) = &self.services {
            command.env(SERVICES_URL, url.as_str());
        }
        if let Some(token) = token {
            command.env(SERVICES_TOKEN, token.expose());
        }
        command
    }
}

/// Only a program of the release is started.
async fn check_program(executable: &RelPath, files: Arc<GameFiles>) -> Result<(), Problem> {
    let path = executable.clone();
    let checked = spawn_blocking(move || files.read(path.as_str()).map(drop)).await;
    let checked = checked.map_err(|error| Problem::new(ErrorCode::Internal, error))?;
    checked.map_err(|error| Problem::new(ProblemCode::GameFailed, error))
}

/// The lock is its standard input, which a game with a window does not read: the one file that every
/// system hands on to a process and to those that it starts.
fn spawn(mut command: Command, folder: PathBuf, lock: Stdio) -> Result<Child, Problem> {
    let program = Path::new(command.as_std().get_program()).display().to_string();
    let failed = |error| Problem::new(ProblemCode::GameFailed, format!("{program}: {error}"));
    command.current_dir(folder).stdin(lock).spawn().map_err(failed)
}

fn judge(ended: std::io::Result<ExitStatus>) -> Result<(), Problem> {
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Problem::new(ProblemCode::GameFailed, status)),
        Err(error) => Err(Problem::new(ProblemCode::GameFailed, error)),
    }
}
