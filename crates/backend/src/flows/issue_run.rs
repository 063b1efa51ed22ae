//! `POST /runs`

use super::Refusal;
use super::playing::change_playing;
use crate::domain::{Action, PlayerId, Requester, Run, RunId};
use crate::services::Services;

/// Issues a run. Its seed comes from the system's randomness: a player can't choose a cave.
pub async fn issue_run(services: &Services, player: &PlayerId) -> Result<Run, Refusal> {
    let now = services.clock.now();
    let by = Requester::Player(player.clone());
    services.allowances().take(&by, Action::IssueRun).await?;
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
    // After the run is there: a run that is not open is never accepted, and expires.
    change_playing(services, player, |playing| {
        playing.open(&run);
        Ok(())
    })
    .await?;
    Ok(run)
}
