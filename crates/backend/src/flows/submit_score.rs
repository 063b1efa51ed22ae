//! `POST /scores`

use std::time::Duration;

use jiff::Timestamp;
use naru_protocol::{ScoreReceipt, ScoreSubmission};

use super::playing::change_playing;
use super::{Refusal, datasets};
use crate::domain::{Action, Best, Claim, PlayerId, Recording, Requester, Run, RunId, RunRefusal, Score};
use crate::ports::{Recorded, StoreError};
use crate::services::Services;

/// How long a receipt waits for its rank: several times what counting all places takes.
const COUNTING: Duration = Duration::from_secs(3);

/// Replays a recording by the game's own rules and stores the score that comes out.
pub async fn submit_score(
    services: &Services,
    player: &PlayerId,
    submission: &ScoreSubmission,
) -> Result<ScoreReceipt, Refusal> {
    let now = services.clock.now();
    let by = Requester::Player(player.clone());
    services.allowances().take(&by, Action::SubmitScore).await?;
    let recording = Recording::from_spans(&submission.recording)?;
    let run = RunId::parse(&submission.run_id).ok_or(RunRefusal::Unknown)?;
    let score = match repeated(services, player, &run, &recording).await? {
        Some(score) => score,
        None => {
            let run = claimed_run(services, player, &run, submission, &recording, now).await?;
            let length = length_of(services, &recording);
            let played = replay(services, run.clone(), recording, now).await?;
            // The time is taken before the score counts: of recordings at once, no more are stored than fit.
            change_playing(services, player, |playing| {
                Ok(playing.take(&run, played.recording, length, now)?)
            })
            .await?;
            played
        }
    };
    let points = record(services, &score).await?;
    receipt(services, &score, points).await
}

/// The score that this recording got before. Nothing else is looked at then: the run may have expired since,
/// and the rules may be others.
async fn repeated(
    services: &Services,
    player: &PlayerId,
    run: &RunId,
    recording: &Recording,
) -> Result<Option<Score>, StoreError> {
    let stored = services.scores.stored(run).await?;
    Ok(stored.filter(|score| score.player == *player && score.recording == recording.digest()))
}

async fn claimed_run(
    services: &Services,
    player: &PlayerId,
    id: &RunId,
    submission: &ScoreSubmission,
    recording: &Recording,
    now: Timestamp,
) -> Result<Run, Refusal> {
    let run = services.runs.find(id).await?.ok_or(RunRefusal::Unknown)?;
    let length = length_of(services, recording);
    run.check_claim(&Claim {
        player,
        rules_version: submission.rules_version,
        replayed_by: services.simulation.rules().version,
        length,
        now,
    })?;
    // What does not fit is not worth a replay.
    let (playing, _) = services.playing.load(player).await?;
    playing.check(&run, length, now)?;
    Ok(run)
}

/// How long a recording lasts in the game.
fn length_of(services: &Services, recording: &Recording) -> Duration {
    let frame = Duration::from_millis(services.simulation.rules().frame_ms.into());
    frame.saturating_mul(u32::try_from(recording.frames()).unwrap_or(u32::MAX))
}

async fn replay(
    services: &Services,
    run: Run,
    recording: Recording,
    now: Timestamp,
) -> Result<Score, Refusal> {
    let (frames, digest) = (recording.frames(), recording.digest());
    let outcome = services.simulation.replay(run.seed, recording.into_inputs()).await?;
    outcome.check_whole(frames)?;
    Ok(Score { run: run.id, player: run.player, points: outcome.score, at: now, recording: digest })
}

/// A client that did not get its answer sends the same again, and gets the answer of the first time.
async fn record(services: &Services, score: &Score) -> Result<u32, Refusal> {
    let nickname = datasets::nickname_of(services, &score.player).await?;
    let points = match services.scores.record(score, nickname.as_deref()).await? {
        Recorded::New => {
            services.new_score.notify_one();
            score.points
        }
        Recorded::Same(stored) => stored.points,
        Recorded::Other => return Err(RunRefusal::Used.into()),
    };
    datasets::name_on_board(services, &score.player, Some(nickname)).await?;
    Ok(points)
}

async fn receipt(services: &Services, score: &Score, points: u32) -> Result<ScoreReceipt, Refusal> {
    let best = services.board.best_of(&score.player).await?;
    let best = best.ok_or_else(|| StoreError::new("reading a best score", "none after a score"))?;
    Ok(ScoreReceipt {
        run_id: score.run.to_string(),
        score: points,
        best: best.key.points,
        rank: rank_in_time(services, &best).await,
    })
}

/// The score is stored: that its rank can't be counted, or not soon, is no reason to refuse it.
async fn rank_in_time(services: &Services, best: &Best) -> Option<u64> {
    match tokio::time::timeout(COUNTING, services.board.rank_of(best, services.clock.now())).await {
        Ok(Ok(rank)) => Some(rank),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a rank was not counted");
            None
        }
        Err(_) => {
            tracing::warn!("a rank was not counted in time");
            None
        }
    }
}
