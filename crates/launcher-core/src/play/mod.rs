//! Playing: what is opened, what the game may read, and when it has ended.

mod files;
mod native;
mod sign;

use std::sync::Arc;

use naru_brand::Start;
use naru_patcher::GameFiles;
use tokio::task::spawn_blocking;

pub use files::GameFile;
pub(crate) use sign::SignOfLife;

use crate::core::Core;
use crate::view::{Problem, ProblemCode};

/// A game that runs. A web game ends when this is dropped; a native one when its last process ends,
/// whatever becomes of this.
#[must_use = "a web game ends when this is dropped"]
pub struct Playing {
    _web: Option<Running>,
}

/// The game counts as running as long as this lives.
struct Running(Arc<Core>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.change(|state| state.playing = None);
        let core = Arc::clone(&self.0);
        // Nobody asked while the game ran.
        self.0.surroundings.runtime.spawn(async move {
            core.check().await;
            core.check_launcher().await;
        });
    }
}

impl Core {
    /// How the game is started: a page to show, or a program that [`Core::begin_play`] starts.
    pub fn game(&self) -> &Start {
        &self.brand.start
    }

    /// Begins to play what is installed: without a server, also after an update that failed. An
    /// update that was cut off while files were being put in place is finished first. From here on
    /// no work on the game is begun.
    pub async fn begin_play(self: &Arc<Self>) -> Result<Playing, Problem> {
        let core = Arc::clone(self);
        let ready = spawn_blocking(move || core.make_ready()).await;
        let files = ready.map_err(|error| Problem::new(ProblemCode::Internal, error))??;
        let running = self.occupy(Arc::new(files))?;
        match &self.brand.start {
            Start::Web { .. } => Ok(Playing { _web: Some(running) }),
            Start::Native { executable, arguments } => {
                self.start_program(executable, arguments, running).await?;
                Ok(Playing { _web: None })
            }
        }
    }

    /// Blocks for as long as an interrupted update takes to be finished.
    fn make_ready(&self) -> Result<GameFiles, Problem> {
        self.read(check_free)?;
        if self.read(|state| state.installed.is_midway) {
            self.finish_interrupted()?;
            self.look_again();
        }
        Ok(GameFiles::open(&self.install())?)
    }

    /// Marks the game as running; looks once more, because work may have begun in between.
    fn occupy(self: &Arc<Self>, files: Arc<GameFiles>) -> Result<Running, Problem> {
        self.change(|state| {
            check_free(state)?;
            state.playing = Some(files);
            state.checking = None;
            Ok(Running(Arc::clone(self)))
        })
    }
}

fn check_free(state: &crate::state::State) -> Result<(), Problem> {
    if state.is_playing() {
        return Err(Problem::plain(ProblemCode::GameRunning));
    }
    match &state.job {
        _ if state.newer_launcher.is_installing() => Err(Problem::plain(ProblemCode::JobRunning)),
        Some(slot) if slot.holds_game() => Err(Problem::plain(ProblemCode::JobRunning)),
        _ => Ok(()),
    }
}
