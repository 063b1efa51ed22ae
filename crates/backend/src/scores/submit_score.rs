//! `POST /scores`

use std::time::Duration;

use jiff::Timestamp;
use naru_protocol::{ScoreReceipt, ScoreSubmission};

use super::playing_time::change_playing;
use super::rules::Claim;
use super::{Best, Recorded, Recording, Refusal, Run, RunId, RunRefusal, Score, Scores};
use crate::platform::{PlayerId, Quota, StoreError};
use crate::player_data::BoardName;

/// Scores of a player: each needs a replay.
const SUBMIT: Quota = Quota::per_minute("score", 60);

/// How long a receipt waits for its rank: several times what counting all places takes.
const COUNTING: Duration = Duration::from_secs(3);

/// Replays a recording by the game's own rules and stores the score that comes out.
pub async fn submit_score(
    service: &Scores,
    player: &PlayerId,
    submission: &ScoreSubmission,
) -> Result<ScoreReceipt, Refusal> {
    let now = service.platform.clock.now();
    service.platform.allowances.take(player, &SUBMIT).await?;
    let recording = Recording::from_spans(&submission.recording)?;
    let run = RunId::parse(&submission.run_id).ok_or(RunRefusal::Unknown)?;
    let score = match repeated(service, player, &run, &recording).await? {
        Some(score) => score,
        None => {
            let run = claimed_run(service, player, &run, submission, &recording, now).await?;
            let length = length_of(service, &recording);
            let played = replay(service, run.clone(), recording, now).await?;
            // The time is taken before the score counts: of recordings at once, no more are stored than fit.
            // Killed in between, the player sends the same recording again, and it takes its time once.
            change_playing(service, player, |playing| {
                Ok(playing.take(&run, played.recording, length, now)?)
            })
            .await?;
            played
        }
    };
    let points = record(service, &score).await?;
    receipt(service, &score, points).await
}

/// The score that this recording got before. Nothing else is looked at then: the run may have expired since,
/// and the rules may be others.
async fn repeated(
    service: &Scores,
    player: &PlayerId,
    run: &RunId,
    recording: &Recording,
) -> Result<Option<Score>, StoreError> {
    let stored = service.scores.stored(run).await?;
    Ok(stored.filter(|score| score.player == *player && score.recording == recording.digest()))
}

async fn claimed_run(
    service: &Scores,
    player: &PlayerId,
    id: &RunId,
    submission: &ScoreSubmission,
    recording: &Recording,
    now: Timestamp,
) -> Result<Run, Refusal> {
    let run = service.runs.find(id).await?.ok_or(RunRefusal::Unknown)?;
    let length = length_of(service, recording);
    run.check_claim(&Claim {
        player,
        rules_version: submission.rules_version,
        replayed_by: service.simulation.rules().version,
        length,
        now,
    })?;
    // What does not fit is not worth a replay. It is looked at again when the time is taken: another recording
    // may come in between.
    let (playing, _) = service.playing.load(player).await?;
    playing.check(&run, length, now)?;
    Ok(run)
}

/// How long a recording lasts in the game.
fn length_of(service: &Scores, recording: &Recording) -> Duration {
    let frame = Duration::from_millis(service.simulation.rules().frame_ms.into());
    frame.saturating_mul(u32::try_from(recording.frames()).unwrap_or(u32::MAX))
}

async fn replay(service: &Scores, run: Run, recording: Recording, now: Timestamp) -> Result<Score, Refusal> {
    let (frames, digest) = (recording.frames(), recording.digest());
    let outcome = service.simulation.replay(run.seed, recording.into_inputs()).await?;
    // One that stops early leaves out how the run ended; one that continues claims time that was not played.
    outcome.check_whole(frames)?;
    Ok(Score { run: run.id, player: run.player, points: outcome.score, at: now, recording: digest })
}

/// A client that did not get its answer sends the same again, and gets the answer of the first time.
async fn record(service: &Scores, score: &Score) -> Result<u32, Refusal> {
    let nickname = service.names.chosen_by(&score.player).await?;
    let points = match service.scores.record(score, nickname.as_deref()).await? {
        Recorded::New => {
            service.new_score.notify_one();
            score.points
        }
        Recorded::Same(stored) => stored.points,
        Recorded::Other => return Err(RunRefusal::Used.into()),
    };
    // The profile may have changed since its name was read.
    service.names.show(&score.player, BoardName::Written(nickname)).await?;
    Ok(points)
}

async fn receipt(service: &Scores, score: &Score, points: u32) -> Result<ScoreReceipt, Refusal> {
    let best = service.board.best_of(&score.player).await?;
    let best = best.ok_or_else(|| StoreError::new("reading a best score", "none after a score"))?;
    Ok(ScoreReceipt {
        run_id: score.run.to_string(),
        score: points,
        best: best.key.points,
        rank: rank_in_time(service, &best).await,
    })
}

/// The score is stored: that its rank can't be counted, or not soon, is no reason to refuse it.
async fn rank_in_time(service: &Scores, best: &Best) -> Option<u64> {
    let counted = service.board.rank_of(best, service.platform.clock.now());
    match tokio::time::timeout(COUNTING, counted).await {
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
