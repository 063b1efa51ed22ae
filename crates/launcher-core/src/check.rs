//! Asking the server what there is.

use std::sync::Arc;

use naru_patcher::{Silent, UpdatePlan};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use crate::core::Core;
use crate::state::State;
use crate::view::{Bilingual, Offer, OfferedRelease, Problem, ProblemCode};

impl Core {
    /// Asks the server which release there is and what it would cost, and the services which providers
    /// they have. It holds nobody up: playing goes on as if nobody had asked, and other work on the game
    /// ends the question.
    pub async fn check(self: &Arc<Self>) {
        let core = Arc::clone(self);
        // What can't be asked now is asked next time, or when somebody logs in.
        self.surroundings.runtime.spawn(async move { core.ask_for_providers().await.ok() });
        let Some((before, stopped)) = self.change(begin) else {
            return;
        };
        let answer = self.ask(stopped).await;
        self.change(|state| {
            // Somebody who works on the game by now knows better.
            if state.offer == Offer::Checking {
                state.offer = answer.unwrap_or(before);
            }
            state.checking = None;
        });
    }

    /// The server's answer; nothing when the question was stopped.
    async fn ask(self: &Arc<Self>, stopped: oneshot::Receiver<()>) -> Option<Offer> {
        let core = Arc::clone(self);
        // Comparing reads the disk, so it gets a thread of its own.
        let work = move || {
            let runtime = core.surroundings.runtime.clone();
            runtime.block_on(async {
                tokio::select! {
                    _ = stopped => None,
                    plan = core.plan() => Some(plan),
                }
            })
        };
        match spawn_blocking(work).await {
            Ok(None) => None,
            Ok(Some(Ok(plan))) => Some(offer(&plan)),
            Ok(Some(Err(problem))) => Some(Offer::Failed { problem }),
            Err(failed) => Some(Offer::Failed { problem: Problem::new(ProblemCode::Internal, failed) }),
        }
    }

    async fn plan(&self) -> Result<UpdatePlan, Problem> {
        let _folder = self.folder.lock().await;
        let folder = self.read(|state| state.install.clone());
        let plan = self.updater(&folder, Arc::new(Silent))?.plan().await?;
        // Planning finishes an interrupted update.
        self.look_again();
        Ok(plan)
    }
}

/// The offer until now, and what tells of the end of the question; nothing where it may not be asked.
fn begin(state: &mut State) -> Option<(Offer, oneshot::Receiver<()>)> {
    let is_worked_on = state.job.as_ref().is_some_and(|slot| slot.holds_game());
    if state.is_playing() || is_worked_on || state.checking.is_some() {
        return None;
    }
    let (stop, stopped) = oneshot::channel();
    state.checking = Some(stop);
    Some((std::mem::replace(&mut state.offer, Offer::Checking), stopped))
}

fn offer(plan: &UpdatePlan) -> Offer {
    if plan.is_empty() {
        return Offer::UpToDate;
    }
    let release = OfferedRelease {
        number: plan.to,
        notes: Bilingual::of_notes(&plan.notes),
        bytes: plan.bytes,
        download_bytes: plan.download_bytes,
        download_files: plan.download_files,
        staged_bytes: plan.staged_bytes,
    };
    Offer::Available { release }
}
