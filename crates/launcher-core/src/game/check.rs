//! Asking the server what there is.

use std::sync::Arc;

use naru_patcher::{Silent, UpdatePlan};
use tokio::task::spawn_blocking;

use super::Game;
use crate::lease::CheckLease;
use crate::recheck::Check;
use crate::view::{Bilingual, ErrorCode, Offer, OfferedRelease, Problem};

impl Game {
    /// Asks the server which release there is and what it would cost. It must not
    /// prevent launch: playing continues, and other work on the game ends the check.
    pub async fn check(self: &Arc<Self>) {
        let Some(lease) = self.lease.take_for_check() else {
            return;
        };
        let id = lease.id();
        let channel = self.installed.settings.chosen_channel();
        self.installed.state.change(|state| state.check = Some(id));
        let (offer, lease) = self.ask(lease).await;
        self.installed.state.change(|state| {
            // A watcher of the answer may ask again at once.
            drop(lease);
            // The next check may have begun when this one has given way.
            if state.check.take_if(|check| *check == id).is_some()
                && let Some(offer) = offer
            {
                state.take_answer(channel.clone(), offer);
            }
        });
        if self.installed.settings.chosen_channel() != channel {
            // There is one check at a time, so the other channel was not asked in the meantime.
            self.recheck.ask(Check::Game);
        }
    }

    /// The server's answer; `None` if another holder wanted the folder.
    async fn ask(self: &Arc<Self>, lease: CheckLease) -> (Option<Offer>, Option<CheckLease>) {
        let (game, runtime) = (Arc::clone(self), self.runtime.clone());
        // Comparing reads the disk, so it runs on a blocking thread.
        let work = move || {
            let plan = runtime.block_on(async {
                tokio::select! {
                    () = lease.wanted() => None,
                    plan = game.plan(&lease) => Some(plan),
                }
            });
            (plan, lease)
        };
        match spawn_blocking(work).await {
            Ok((plan, lease)) => (plan.map(answer), Some(lease)),
            Err(failed) => (Some(answer(Err(Problem::new(ErrorCode::Internal, failed)))), None),
        }
    }

    async fn plan(&self, lease: &CheckLease) -> Result<UpdatePlan, Problem> {
        let _turn = lease.turn().await;
        let updater = self.engine.updater(self.installed.install_folder(), Arc::new(Silent))?;
        let plan = updater.plan().await?;
        // Planning finishes an interrupted update.
        self.installed.look_again();
        Ok(plan)
    }
}

fn answer(plan: Result<UpdatePlan, Problem>) -> Offer {
    match plan {
        Ok(plan) if plan.is_empty() => Offer::UpToDate,
        Ok(plan) => Offer::Available { release: offered(&plan) },
        Err(problem) => Offer::Failed { problem },
    }
}

fn offered(plan: &UpdatePlan) -> OfferedRelease {
    OfferedRelease {
        number: plan.to,
        notes: Bilingual::of_notes(&plan.notes),
        bytes: plan.bytes,
        download_bytes: plan.download_bytes,
        download_files: plan.download_files,
        staged_bytes: plan.staged_bytes,
    }
}
