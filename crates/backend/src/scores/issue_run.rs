//! `POST /runs`

use super::playing_time::change_playing;
use super::{Refusal, Run, RunId, Scores};
use crate::platform::{PlayerId, Quota};

/// Runs of a player. The shortest run and the way back to the next one take over a second.
const ISSUE: Quota = Quota::per_minute("run", 60);

/// Issues a run. Its seed comes from the system's randomness: a player can't choose a cave.
pub async fn issue_run(service: &Scores, player: &PlayerId) -> Result<Run, Refusal> {
    let now = service.platform.clock.now();
    service.platform.allowances.take(player, &ISSUE).await?;
    let mut id = [0; 16];
    getrandom::fill(&mut id)?;
    let run = Run {
        id: RunId::from_random(id),
        player: player.clone(),
        seed: getrandom::u32()?,
        rules_version: service.simulation.rules().version,
        issued_at: now,
    };
    service.runs.issue(&run, Run::outlived(now)).await?;
    // After the run is there: a run that is not open is never accepted, and expires. The other way round, a run
    // that could not be kept would have closed an older one that the player still plays.
    change_playing(service, player, |playing| {
        playing.open(&run);
        Ok(())
    })
    .await?;
    Ok(run)
}
