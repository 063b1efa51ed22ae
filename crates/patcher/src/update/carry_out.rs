//! Carrying out a plan: stage, then commit.

use std::sync::Arc;

use naru_protocol::{Keys, RelPath};

use super::commit::commit;
use super::fetch::{Fetched, Fetcher};
use super::plan::UpdatePlan;
use super::stage::{StagedFile, take_stock};
use super::{Aim, Updated, Updater};
use crate::install_folder::Lock;
use crate::{UpdateError, Warning};

/// How often an update is planned anew because the install folder changed while it was prepared.
const MOST_PLANS: u32 = 5;

/// What carrying out a plan came to.
enum Carried {
    Done(Updated),
    /// This path was changed in the meantime; the live files are untouched.
    Overtaken(RelPath, Fetched),
}

impl Updater {
    /// Carries out a plan, and makes a new one where the install folder has changed meanwhile.
    pub(super) async fn carry_through(
        &self,
        mut plan: UpdatePlan,
        aim: Aim,
        lock: &Arc<Lock>,
    ) -> Result<Updated, UpdateError> {
        let (mut plans, mut wasted) = (1, 0);
        loop {
            match self.carry_out(plan, lock).await? {
                Carried::Done(mut updated) => {
                    updated.downloaded_bytes += wasted;
                    return Ok(updated);
                }
                Carried::Overtaken(path, _) if plans == MOST_PLANS => {
                    return Err(UpdateError::Changing { path: path.below(&self.own().install) });
                }
                Carried::Overtaken(_, fetched) => wasted += fetched.bytes,
            }
            plans += 1;
            plan = match aim {
                Aim::Update => self.plan_update().await?,
                Aim::Repair => self.plan_repair().await?.1,
            };
        }
    }

    async fn carry_out(&self, plan: UpdatePlan, lock: &Arc<Lock>) -> Result<Carried, UpdateError> {
        let mut updated = summary(&plan);
        if plan.is_empty() {
            // What an interrupted download of another release left.
            self.own().drop_stage()?;
            return Ok(Carried::Done(updated));
        }
        self.warn_of_kept(&plan);
        let fetched = self.fill_stage(&plan, lock).await?;
        updated.downloaded_bytes = fetched.bytes;
        updated.downloaded_files = fetched.files;
        updated.resumed_bytes = fetched.present;
        match self.commit(plan, lock).await? {
            None => Ok(Carried::Done(updated)),
            Some(path) => Ok(Carried::Overtaken(path, fetched)),
        }
    }

    fn warn_of_kept(&self, plan: &UpdatePlan) {
        for file in &plan.planned {
            if let Some(beside) = file.beside() {
                let (path, ours) = (file.wanted.path().clone(), beside.path().cloned());
                self.progress.warn(Warning::KeptChanged { path, ours });
            }
        }
    }

    /// Gathers everything that the commit needs.
    async fn fill_stage(&self, plan: &UpdatePlan, lock: &Arc<Lock>) -> Result<Fetched, UpdateError> {
        let stage = Arc::new(self.own().make_stage()?);
        let staged = take_stock(&stage, plan.jobs()).map_err(UpdateError::io("listing", stage.path()))?;
        // 4. Space: a full disk is met while the old release is whole, and before a byte is fetched.
        plan.check_space(self.own(), &stage, &staged)?;
        // 5. Take over what is here and fetch the rest. Every piece is hashed before it counts: a server,
        //    a cache or a disk that gives other bytes is found out here, not by the game.
        let files =
            plan.jobs().map(|job| StagedFile::new(&stage, Arc::clone(job), staged.contains(&job.name)));
        let fetcher = Fetcher {
            store: Arc::clone(&self.store),
            keys: Keys::new(&self.options.prefix),
            connections: self.options.connections,
            rate: self.options.rate_limit.clone(),
            progress: Arc::clone(&self.progress),
            lock: Arc::clone(lock),
        };
        fetcher.fill(files.collect()).await
    }

    /// Commits on a blocking thread, which holds the lock until it is done: dropping the future does not stop
    /// it.
    async fn commit(&self, plan: UpdatePlan, lock: &Arc<Lock>) -> Result<Option<RelPath>, UpdateError> {
        let (own, progress, lock) = (self.own().clone(), Arc::clone(&self.progress), Arc::clone(lock));
        let work = move || {
            let _lock = lock;
            commit(&own, plan, &*progress)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(committed) => committed,
            Err(stopped) => std::panic::resume_unwind(stopped.into_panic()),
        }
    }
}

fn summary(plan: &UpdatePlan) -> Updated {
    Updated {
        from: plan.from,
        to: plan.to,
        notes: plan.notes.clone(),
        interrupted: plan.interrupted,
        downloaded_bytes: 0,
        downloaded_files: 0,
        resumed_bytes: 0,
        moved_files: plan.moved_files,
        deleted_files: plan.deleted_files,
        kept: plan.kept.clone(),
    }
}
