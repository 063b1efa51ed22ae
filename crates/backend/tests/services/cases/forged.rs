//! Forged recordings: whatever is accepted is worth what an independent replay says, and no more.

use std::collections::BTreeMap;

use fastrand::Rng;
use naru_protocol::{InputSpan, IssuedRun, ProblemCode, ScoreSubmission, ScoreboardPage};
use reqwest::Method;
use serde_json::{Value, json};

use super::bot::{Bot, Flight};
use super::service::{Service, Setting, submission};
use crate::host::Host;

const KINDS: [Kind; 20] = [
    Kind::TooFast,
    Kind::TooFast,
    Kind::Flipped,
    Kind::Flipped,
    Kind::Flipped,
    Kind::Stretched,
    Kind::Stretched,
    Kind::Extended,
    Kind::Extended,
    Kind::OtherSeed,
    Kind::OtherSeed,
    Kind::Truncated,
    Kind::Truncated,
    Kind::ForeignRun,
    Kind::ForeignRun,
    Kind::UsedRun,
    Kind::Endless,
    Kind::TooManySpans,
    Kind::OtherRules,
    Kind::OddInputs,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The honest recording, before its time has passed.
    TooFast,
    /// Some frames inverted.
    Flipped,
    /// Some spans of another length.
    Stretched,
    /// The last input taken back and the flight continued.
    Extended,
    /// The run of another, luckier seed.
    OtherSeed,
    Truncated,
    /// Another player's run, with the right recording.
    ForeignRun,
    /// A run that has its score already, with a better recording.
    UsedRun,
    /// Frame counts that would keep a replay busy for ever.
    Endless,
    TooManySpans,
    OtherRules,
    /// Input values that the game does not have.
    OddInputs,
}

impl Kind {
    /// Whether nothing of this kind may ever be accepted.
    fn is_hopeless(self) -> bool {
        !matches!(self, Kind::Flipped | Kind::Stretched | Kind::OddInputs)
    }
}

/// What a forger has at hand in one round.
struct Round {
    player: u32,
    run: IssuedRun,
    honest: Flight,
    /// A longer run from another seed.
    lucky: Flight,
    /// Another player's run, just as old.
    foreign: IssuedRun,
    foreign_honest: Flight,
    /// A run of this player's that has its score.
    used: IssuedRun,
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_recordings_gain_nothing() {
    let seed = 20_261_121;
    println!("seed {seed}");
    let mut rng = Rng::with_seed(seed);
    let setting = Setting { rate_limits: false, ..Setting::default() };
    let Some(service) = Service::start_with(setting).await else { return };
    let mut bot = Bot::start();
    let mut tally: BTreeMap<Kind, (u32, u32)> = BTreeMap::new();
    let mut best: BTreeMap<u32, u32> = BTreeMap::new();
    for _ in 0..Host::ROUNDS {
        let mut round = begin(&service, &mut bot, &mut rng, &mut best).await;
        for kind in KINDS {
            if kind == Kind::Flipped {
                service.play(&[round.honest.recording.clone(), round.lucky.recording.clone()].concat()).await;
            }
            let forged = forge(kind, &round, &mut rng);
            let accepted = service.submit(round.player, &forged).await;
            let (tried, passed) = tally.entry(kind).or_default();
            *tried += 1;
            let Ok(receipt) = accepted else { continue };
            *passed += 1;
            assert!(!kind.is_hopeless(), "{kind:?}: {forged:?}");
            let worth = bot.worth(round.run.seed, &forged.recording);
            assert_eq!((receipt.score, worth.over), (worth.score, true), "{kind:?}: {forged:?}");
            raise(&mut best, round.player, receipt.score);
            // The forgery was a run of its own and used the run up.
            round.run = service.run(round.player).await;
            round.honest = bot.play(round.run.seed, rng.u32(..));
            service.play(&[round.honest.recording.clone(), round.lucky.recording.clone()].concat()).await;
        }
    }
    assert_eq!(tally.values().map(|(tried, _)| tried).sum::<u32>(), Host::ROUNDS * 20);
    println!("tried and accepted: {tally:?}");
    let page: ScoreboardPage = service.get("/scoreboard?limit=100", None).await;
    let mut expected: Vec<u32> = best.into_values().collect();
    expected.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(page.standings.iter().map(|standing| standing.score).collect::<Vec<_>>(), expected);
}

async fn begin(service: &Service, bot: &mut Bot, rng: &mut Rng, best: &mut BTreeMap<u32, u32>) -> Round {
    let player = rng.u32(..10);
    let used = service.run(player).await;
    let flight = bot.play(used.seed, rng.u32(..));
    service.play(&flight.recording).await;
    let receipt = service.submit(player, &submission(&used, &flight.recording)).await.unwrap();
    raise(best, player, receipt.score);

    let (run, foreign) = (service.run(player).await, service.run(player + 10).await);
    Round {
        player,
        honest: bot.play(run.seed, rng.u32(..)),
        lucky: bot.survive(rng.u32(..), rng.u32(400..800)),
        foreign_honest: bot.play(foreign.seed, rng.u32(..)),
        run,
        foreign,
        used,
    }
}

fn raise(best: &mut BTreeMap<u32, u32>, player: u32, score: u32) {
    let best = best.entry(player).or_default();
    *best = score.max(*best);
}

fn forge(kind: Kind, round: &Round, rng: &mut Rng) -> ScoreSubmission {
    let mut forged = submission(&round.run, &round.honest.recording);
    let spans = &mut forged.recording;
    match kind {
        Kind::TooFast => {}
        Kind::Flipped => flip(spans, rng),
        Kind::Stretched => {
            let at = rng.usize(..spans.len());
            spans[at].frames = rng.u32(1..40);
        }
        Kind::Extended => {
            let last = spans.len() - 1;
            spans[last].frames += rng.u32(1..3);
            spans.extend([(1, rng.u32(1..9)), (0, rng.u32(1..30))].map(span));
        }
        Kind::OtherSeed => spans.clone_from(&round.lucky.recording),
        Kind::Truncated => truncate(spans, rng),
        Kind::ForeignRun => {
            forged.run_id.clone_from(&round.foreign.run_id);
            spans.clone_from(&round.foreign_honest.recording);
        }
        Kind::UsedRun => {
            forged.run_id.clone_from(&round.used.run_id);
            spans.clone_from(&round.lucky.recording);
        }
        Kind::Endless => {
            let at = rng.usize(..spans.len());
            spans[at].frames = rng.u32(48_001..=u32::MAX);
        }
        Kind::TooManySpans => *spans = vec![span((1, 1)); 48_001 + rng.usize(..500)],
        Kind::OtherRules => forged.rules_version = forged.rules_version.wrapping_add(rng.u32(1..)),
        Kind::OddInputs => spans.iter_mut().for_each(|span| span.input = rng.u8(..)),
    }
    forged
}

fn span((input, frames): (u8, u32)) -> InputSpan {
    InputSpan { input, frames }
}

fn flip(spans: &mut Vec<InputSpan>, rng: &mut Rng) {
    let frames = spans.iter().flat_map(|span| std::iter::repeat_n(span.input, span.frames as usize));
    let mut frames: Vec<u8> = frames.collect();
    for _ in 0..rng.usize(1..4) {
        let at = rng.usize(..frames.len());
        frames[at] ^= 1;
    }
    *spans = frames.into_iter().map(|input| span((input, 1))).collect();
}

/// The last frame is the crash: without it the run is not over.
fn truncate(spans: &mut Vec<InputSpan>, rng: &mut Rng) {
    spans.truncate(rng.usize(1..=spans.len()));
    let last = spans.len() - 1;
    match spans[last].frames {
        1 if last > 0 => spans.truncate(last),
        frames => spans[last].frames = rng.u32(1..frames.max(2)),
    }
}

#[tokio::test]
async fn each_forgery_is_refused_for_its_own_reason() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let run = service.run(1).await;
    let flight = bot.play(run.seed, 1);
    let honest = submission(&run, &flight.recording);
    let code = async |player, submission: &ScoreSubmission| {
        service.submit(player, submission).await.unwrap_err().code
    };

    assert_eq!(code(1, &honest).await, ProblemCode::TooFast);
    service.play(&flight.recording).await;
    assert_eq!(code(2, &honest).await, ProblemCode::RunUnknown, "another player's run does not exist");
    let mut unknown = honest.clone();
    unknown.run_id = "0".repeat(32);
    assert_eq!(code(1, &unknown).await, ProblemCode::RunUnknown);
    unknown.run_id = "../../etc/passwd".to_owned();
    assert_eq!(code(1, &unknown).await, ProblemCode::RunUnknown);
    let mut rules = honest.clone();
    rules.rules_version += 1;
    assert_eq!(code(1, &rules).await, ProblemCode::RulesDiffer);
    let mut cut = honest.clone();
    cut.recording.truncate(1);
    assert_eq!(code(1, &cut).await, ProblemCode::RecordingMismatch);
    let mut longer = honest.clone();
    longer.recording.push(span((1, 5)));
    assert_eq!(code(1, &longer).await, ProblemCode::RecordingMismatch, "a dead player presses nothing");
    let mut endless = honest.clone();
    endless.recording.push(span((1, u32::MAX)));
    assert_eq!(code(1, &endless).await, ProblemCode::RecordingInvalid);

    let receipt = service.submit(1, &honest).await.unwrap();
    assert_eq!(receipt.score, flight.score, "none of that used the run up");
    assert_eq!(service.submit(1, &honest).await.unwrap(), receipt, "the same again is the same score");
    let other = submission(&run, &better(&mut bot, &run, &flight));
    service.play(&other.recording).await;
    assert_eq!(code(1, &other).await, ProblemCode::RunUsed);
}

/// Another whole run from the same seed.
fn better(bot: &mut Bot, run: &IssuedRun, flight: &Flight) -> Vec<InputSpan> {
    let longer = bot.survive(run.seed, flight.score / 2 + 50);
    assert!(longer.score > flight.score);
    longer.recording
}

#[tokio::test]
async fn a_run_expires() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let run = service.run(1).await;
    let flight = bot.play(run.seed, 1);
    service.host.advance(2 * 60 * 60 * 1000 + 1).await;
    let late = service.submit(1, &submission(&run, &flight.recording)).await.unwrap_err();
    assert_eq!(late.code, ProblemCode::RunExpired);
}

#[tokio::test]
async fn a_score_in_the_body_is_not_even_read() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let run = service.run(1).await;
    let flight = bot.play(run.seed, 1);
    service.play(&flight.recording).await;
    let mut body = serde_json::to_value(submission(&run, &flight.recording)).unwrap();
    body["score"] = json!(1_000_000);
    assert_eq!(bad(&service, &body).await, ProblemCode::BadRequest);
    for recording in
        [json!([{"input": -1, "frames": 1}]), json!([{"input": 1, "frames": 1e99}]), json!("()=>{while(1);}")]
    {
        body = json!({"run_id": run.run_id, "rules_version": 1, "recording": recording});
        assert_eq!(bad(&service, &body).await, ProblemCode::BadRequest);
    }
    let huge = json!({"run_id": "x".repeat(3 << 20), "rules_version": 1, "recording": []});
    assert_eq!(bad(&service, &huge).await, ProblemCode::TooLarge);
}

async fn bad(service: &Service, body: &Value) -> ProblemCode {
    super::service::code(service.request(Method::POST, "/scores", 1).json(body)).await
}
