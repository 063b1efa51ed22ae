//! Moving the game to another folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_patcher::Silent;
use tokio::task::spawn_blocking;

use super::folder::{holds_game, is_empty};
use super::mover::{self, Copied, Mover};
use super::{Game, InstalledGame};
use crate::jobs::{Meter, Progress, Work};
use crate::settings::Moving;
use crate::view::{ErrorCode, JobKind, JobPhase, JobWarning, JobWarningKind, Outcome, Problem, ProblemCode};

impl Game {
    /// Begins to move the game. A folder that holds a game of this launcher already is taken as it
    /// is, and the old one stays where it is.
    pub fn move_install(&self, folder: &Path) -> Result<(), Problem> {
        check(&self.installed.folder(), folder)?;
        self.jobs.start(Move { installed: self.installed.clone(), to: folder.to_path_buf() }).map(drop)
    }
}

struct Move {
    installed: InstalledGame,
    to: PathBuf,
}

/// What a move came to.
#[derive(Debug, Clone)]
struct Moved {
    /// The release that was moved, where there was one.
    release: Option<u64>,
    /// Bytes that were copied to another drive.
    copied_bytes: u64,
}

impl From<Moved> for Outcome {
    fn from(moved: Moved) -> Self {
        Self { release: moved.release, travelled_bytes: moved.copied_bytes, ..Self::default() }
    }
}

impl Work for Move {
    type Outcome = Moved;

    const KIND: JobKind = JobKind::Move;
    const CHANGES_OFFER: bool = true;

    /// Copies or renames, then switches, then deletes: after a kill in between, the game is in
    /// one of the folders, whole, and the settings lead there.
    async fn carry_out(&self, progress: &Progress) -> Result<Moved, Problem> {
        let (from, to) = (self.installed.folder(), &*self.to);
        // The folder may have been filled since the player chose it.
        check(&from, to)?;
        if holds_game(to) || !holds_game(&from) {
            self.switch()?;
            return Ok(self.moved(0));
        }
        // Another program's update may be under way there.
        self.installed.install_folder().recover(&Silent)?;
        self.note_begin(from.clone())?;
        if mover::rename(&from, to).map_err(|error| Problem::io(&error, to.display()))? {
            self.switch()?;
            return Ok(self.moved(0));
        }
        let copied = self.copy(&from, Arc::clone(&progress.meter)).await?;
        let copied_bytes = copied.bytes;
        // From here on there is nothing to go back to.
        if !progress.meter.begin_unless_stopped(JobPhase::Remove) {
            return Err(Problem::new(ErrorCode::Cancelled, "stopped after the copy"));
        }
        self.switch()?;
        remove(from, copied, &progress.meter).await;
        Ok(self.moved(copied_bytes))
    }

    async fn settle(&self, is_dropped: bool) {
        self.installed.settle(is_dropped).await;
    }
}

impl Move {
    /// A stopped copy ends at its next file, and stays for the next try.
    async fn copy(&self, from: &Path, meter: Arc<Meter>) -> Result<Copied, Problem> {
        let mover = Mover::new(from, &self.to, meter);
        let copied = spawn_blocking(move || mover.copy()).await;
        copied.map_err(|error| Problem::new(ErrorCode::Internal, error))?
    }

    /// A launcher that is killed from here on looks in both folders when it starts.
    fn note_begin(&self, from: PathBuf) -> Result<(), Problem> {
        let moving = Moving { from, to: self.to.clone() };
        self.installed.settings.store(|stored| stored.moving = Some(moving))
    }

    /// From here on the game is there.
    fn switch(&self) -> Result<(), Problem> {
        self.installed.settings.store(|stored| {
            stored.install_folder = Some(self.to.clone());
            stored.moving = None;
        })?;
        self.installed.state.change(|state| state.switch_to(self.to.clone()));
        self.installed.look_again();
        Ok(())
    }

    fn moved(&self, copied_bytes: u64) -> Moved {
        let release = self.installed.state.read(|state| state.installed.release.as_ref().map(|it| it.number));
        Moved { release, copied_bytes }
    }
}

/// Removes what was copied. The game is in its new place by now: what stays here is a warning.
async fn remove(from: PathBuf, copied: Copied, meter: &Meter) {
    let old = from.clone();
    match spawn_blocking(move || mover::remove(&old, &copied)).await {
        Ok(left) => {
            for path in left {
                let detail = from.join(path).display().to_string();
                meter.add_warning(JobWarning { kind: JobWarningKind::NotRemoved, detail });
            }
        }
        Err(error) => tracing::warn!(%error, "the game was not removed from its old place"),
    }
}

/// Refuses a folder that is not free for a game.
fn check(from: &Path, to: &Path) -> Result<(), Problem> {
    let refuse =
        |why: &str| Err(Problem::new(ProblemCode::FolderUnusable, format!("{}: {why}", to.display())));
    if !to.is_absolute() || to.to_str().is_none() {
        return refuse("not a full path of readable text");
    }
    let (from, real) = (resolved(from), resolved(to));
    if from == real {
        return refuse("the game is there already");
    }
    if real.starts_with(&from) || from.starts_with(&real) {
        return refuse("one folder is inside the other");
    }
    if to.exists() && !to.is_dir() {
        return refuse("not a folder");
    }
    if !is_empty(to) && !holds_game(to) && !mover::is_begun(to) {
        return refuse("the folder holds something else");
    }
    Ok(())
}

/// The folder without links, as far as it is there.
fn resolved(folder: &Path) -> PathBuf {
    for place in folder.ancestors() {
        if let (Ok(real), Ok(rest)) = (place.canonicalize(), folder.strip_prefix(place)) {
            return real.join(rest);
        }
    }
    folder.to_path_buf()
}
