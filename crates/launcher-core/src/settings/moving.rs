//! Moving the game to another folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_patcher::{InstallFolder, Silent};
use tokio::task::spawn_blocking;

use super::folder::{holds_game, is_empty};
use super::mover::{self, Mover};
use super::{Moving, Stored};
use crate::core::Core;
use crate::jobs::{Meter, Work};
use crate::view::{Offer, Outcome, Problem, ProblemCode};

impl Core {
    /// Begins to move the game. A folder that holds a game of this launcher already is taken as it
    /// is, and the old one stays where it is.
    pub fn move_install(self: &Arc<Self>, folder: &Path) -> Result<(), Problem> {
        check(&self.install(), folder)?;
        self.begin_work(Work::Move { to: folder.to_path_buf() }).map(drop)
    }

    /// Copies or renames, then switches, then deletes: whoever is killed in between has the game in
    /// one of the folders, whole, and the settings lead there.
    pub(crate) async fn move_game(
        self: &Arc<Self>,
        to: &Path,
        meter: &Arc<Meter>,
    ) -> Result<Outcome, Problem> {
        let _folder = self.folder.lock().await;
        let from = self.install();
        check(&from, to)?;
        if holds_game(to) || !holds_game(&from) {
            self.switch_to(to)?;
            return Ok(self.moved(0));
        }
        // Nobody else's update may be under way there.
        InstallFolder::new(&from).recover(&Silent)?;
        self.note_move(Some(Moving { from: from.clone(), to: to.to_path_buf() }))?;
        if mover::rename(&from, to).map_err(|error| Problem::io(&error, to.display()))? {
            self.switch_to(to)?;
            return Ok(self.moved(0));
        }
        let copied = self.copy(&from, to, meter).await?;
        self.switch_to(to)?;
        let removed = spawn_blocking(move || mover::remove(&from)).await;
        if !matches!(removed, Ok(Ok(()))) {
            tracing::warn!(?removed, "what was moved could not be removed from its old place");
        }
        Ok(self.moved(copied))
    }

    /// A stopped copy ends at its next file, and stays for the next try.
    async fn copy(&self, from: &Path, to: &Path, meter: &Arc<Meter>) -> Result<u64, Problem> {
        let mover = Mover::new(from, to, Arc::clone(meter));
        let copied = spawn_blocking(move || mover.copy()).await;
        copied.map_err(|error| Problem::new(ProblemCode::Internal, error))?
    }

    fn note_move(&self, moving: Option<Moving>) -> Result<(), Problem> {
        self.store_settings(|stored| stored.moving = moving)
    }

    /// From here on the game is there.
    fn switch_to(&self, folder: &Path) -> Result<(), Problem> {
        let chosen = folder.to_path_buf();
        self.store_settings(|stored: &mut Stored| {
            stored.install_folder = Some(chosen.clone());
            stored.moving = None;
        })?;
        self.change(|state| {
            state.install = chosen;
            (state.offer, state.wounds) = (Offer::Unknown, 0);
        });
        self.look_again();
        Ok(())
    }

    fn moved(&self, travelled_bytes: u64) -> Outcome {
        let release = self.read(|state| state.installed.release.as_ref().map(|release| release.number));
        Outcome { release, travelled_bytes, wounds: 0, kept: Vec::new() }
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
