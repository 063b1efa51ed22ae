//! `POST /runs`

use super::Refusal;
use super::rate::take_allowance;
use crate::domain::{Action, PlayerId, Run, RunId};
use crate::services::Services;

/// Issues a run. Its seed comes from the system's randomness: a player can't choose a cave.
pub async fn issue_run(services: &Services, player: &PlayerId) -> Result<Run, Refusal> {
    let now = services.clock.now();
    take_allowance(services, player, Action::IssueRun, now).await?;
    let mut id = [0; 16];
    getrandom::fill(&mut id)?;
    let run = Run {
        id: RunId::from_random(id),
        player: player.clone(),
        seed: getrandom::u32()?,
        rules_version: services.simulation.rules().version,
        issued_at: now,
    };
    services.runs.issue(&run, Run::outlived(now)).await?;
    Ok(run)
}
