//! A game that is a program of its own.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use naru_protocol::{OpenIdToken, RelPath};
use tokio::process::{Child, Command};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Running;
use crate::core::Core;
use crate::view::{Problem, ProblemCode};

/// A program that fails within this time has not started, for the player.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How long a start may wait for another token.
const PATIENCE_FOR_TOKEN: Duration = Duration::from_secs(3);

/// Where the game finds the services, and what it shows them.
const SERVICES_URL: &str = "NARU_SERVICES_URL";
const SERVICES_TOKEN: &str = "NARU_SERVICES_TOKEN";

impl Core {
    /// Starts the game's program and waits a moment, whether it stays. It counts as running until its
    /// last process has ended: a program may start the real one and go.
    pub(super) async fn start_program(
        self: &Arc<Self>,
        executable: &RelPath,
        arguments: &[String],
        running: Running,
    ) -> Result<(), Problem> {
        self.check_program(executable).await?;
        let sign = self.sign()?;
        let token = self.token_for_game().await;
        let mut child = self.spawn_program(executable, arguments, sign, token)?;
        if let Ok(ended) = timeout(AT_ONCE, child.wait()).await {
            judge(ended)?;
        }
        let core = Arc::clone(self);
        self.surroundings.runtime.spawn(async move {
            match child.wait().await {
                Ok(status) => tracing::info!(%status, "the game's program has ended"),
                Err(error) => tracing::warn!(%error, "the game can't be waited for"),
            }
            core.outlast_game(running).await;
        });
        Ok(())
    }

    /// Only a program of the release is started.
    async fn check_program(self: &Arc<Self>, executable: &RelPath) -> Result<(), Problem> {
        let (core, path) = (Arc::clone(self), executable.clone());
        let checked = spawn_blocking(move || core.game_file(path.as_str()).map(drop)).await;
        let checked = checked.map_err(|error| Problem::new(ProblemCode::Internal, error))?;
        checked.map_err(|error| Problem::new(ProblemCode::GameFailed, error))
    }

    /// A token that is good, where one is to be had in a moment: nobody waits for a server to play.
    async fn token_for_game(self: &Arc<Self>) -> Option<OpenIdToken> {
        let core = Arc::clone(self);
        // In a task of its own: an exchange that is dropped midway may cost the login.
        let fresh = self.surroundings.runtime.spawn(async move { core.fresh_token().await });
        timeout(PATIENCE_FOR_TOKEN, fresh).await.ok()?.ok()?
    }

    /// What the game holds while it runs. A disk that is full or read-only keeps nobody from playing.
    fn sign(&self) -> Result<Stdio, Problem> {
        match self.sign_of_life.take() {
            Ok(Some(file)) => Ok(file.into()),
            Ok(None) => Err(Problem::plain(ProblemCode::GameRunning)),
            Err(error) => {
                tracing::warn!(%error, "the next launcher could not see that the game runs");
                Ok(Stdio::null())
            }
        }
    }

    /// The sign is its standard input, which a game with a window does not read: the one file that
    /// every system hands on to a process and to those that it starts.
    fn spawn_program(
        &self,
        executable: &RelPath,
        arguments: &[String],
        sign: Stdio,
        token: Option<OpenIdToken>,
    ) -> Result<Child, Problem> {
        let folder = self.install();
        let place = executable.below(&folder);
        let chosen = self.read(|state| state.settings.launch_arguments.clone());
        let mut command = Command::new(&place);
        command.args(arguments).args(chosen).current_dir(&folder).stdin(sign);
        // The launcher's own environment may hold a publisher's keys, or another player's session.
        self.surroundings.system_variables.hand_to(command.as_std_mut());
        if let Some(url) = &self.endpoints.services {
            command.env(SERVICES_URL, url.as_str());
        }
        if let Some(token) = token {
            command.env(SERVICES_TOKEN, token.expose());
        }
        let failed = |error| Problem::new(ProblemCode::GameFailed, format!("{}: {error}", place.display()));
        command.spawn().map_err(failed)
    }
}

fn judge(ended: std::io::Result<ExitStatus>) -> Result<(), Problem> {
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Problem::new(ProblemCode::GameFailed, status)),
        Err(error) => Err(Problem::new(ProblemCode::GameFailed, error)),
    }
}
