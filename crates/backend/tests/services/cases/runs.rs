//! Issuing runs, and how many.

use std::collections::BTreeSet;

use naru_protocol::ProblemCode;
use reqwest::Method;

use super::bot::{Bot, Flight};
use super::service::{Service, problem, submission};

#[tokio::test]
async fn no_two_runs_are_alike() {
    let Some(service) = Service::start().await else { return };
    let mut ids = BTreeSet::new();
    let mut seeds = BTreeSet::new();
    for _ in 0..50 {
        let run = service.run(1).await;
        assert_eq!(run.rules_version, 1);
        ids.insert(run.run_id);
        seeds.insert(run.seed);
    }
    assert_eq!((ids.len(), seeds.len()), (50, 50));
}

#[tokio::test]
async fn a_player_gets_so_many_runs_a_minute() {
    let Some(service) = Service::start().await else { return };
    let begun = minute();
    let mut issued = 0;
    let response = loop {
        let response = service.request(Method::POST, "/runs", 1).send().await.unwrap();
        if !response.status().is_success() {
            break response;
        }
        issued += 1;
        assert!(issued <= 120, "more than two minutes give");
    };
    // On a host whose clock is the machine's, the minute may end meanwhile.
    assert!(issued == 60 || (issued > 60 && minute() != begun), "{issued} runs in a minute");
    let wait = response.headers()["retry-after"].to_str().unwrap().to_owned();
    let refused = problem(response).await;
    assert_eq!((refused.status, refused.code), (429, ProblemCode::RateLimited));
    assert_eq!(refused.retry_after_seconds.unwrap().to_string(), wait);
    service.run(2).await;
    service.host.advance(i64::from(refused.retry_after_seconds.unwrap()) * 1000).await;
    service.run(1).await;
}

#[tokio::test]
async fn a_repetition_is_answered_though_the_run_would_be_refused_by_now() {
    const THREE_HOURS: i64 = 3 * 3600 * 1000;
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let run = service.run(1).await;
    let flight = bot.play(run.seed, 1);
    service.play(&flight.recording).await;
    let sent = submission(&run, &flight.recording);
    let first = service.submit(1, &sent).await.unwrap();

    service.host.advance(THREE_HOURS).await;
    assert_eq!(service.submit(1, &sent).await.unwrap(), first, "the run has expired, the score is stored");
    let mut of_other_rules = sent.clone();
    of_other_rules.rules_version += 1;
    assert_eq!(service.submit(1, &of_other_rules).await.unwrap(), first, "by whatever rules it was");

    let of_another = service.submit(2, &sent).await.unwrap_err();
    assert_eq!(of_another.code, ProblemCode::RunUnknown, "whose run it is, is not told");
    let better = bot.survive(run.seed, 300);
    let other = service.submit(1, &submission(&run, &better.recording)).await.unwrap_err();
    assert_eq!(other.code, ProblemCode::RunExpired, "another recording is no repetition");
}

#[tokio::test]
async fn of_runs_that_were_taken_at_once_as_many_count_as_there_was_time_to_play() {
    let Some(service) = Service::start().await else { return };
    let mut bot = Bot::start();
    let mut taken = Vec::new();
    for luck in 0..10 {
        let run = service.run(1).await;
        let flight = bot.play(run.seed, luck);
        taken.push((submission(&run, &flight.recording), flight));
    }
    let milliseconds =
        |flight: &Flight| flight.recording.iter().map(|span| i64::from(span.frames)).sum::<i64>() * 75;
    let (closed, open) = taken.split_at(7);
    // There is time for any one of the three that are still open, and never for all three.
    let longest = open.iter().map(|(_, flight)| milliseconds(flight)).max().unwrap();
    service.host.advance(longest).await;

    let mut outcomes = Vec::new();
    for (sent, _) in open {
        outcomes.push(service.submit(1, sent).await.map_err(|problem| problem.code));
    }
    assert!(outcomes[0].is_ok(), "there was time for the first one: {outcomes:?}");
    let refused = outcomes.iter().filter(|outcome| **outcome == Err(ProblemCode::TooFast)).count();
    assert!(refused >= 1, "all three together take longer than the longest of them: {outcomes:?}");

    // Time for all ten, so that no closed run is refused for being too fast.
    service.host.advance(taken.iter().map(|(_, flight)| milliseconds(flight)).sum()).await;
    for (sent, _) in open {
        assert!(service.submit(1, sent).await.is_ok(), "one after the other, they could be played by now");
    }
    for (sent, _) in closed {
        let refused = service.submit(1, sent).await.unwrap_err();
        assert_eq!(refused.code, ProblemCode::RunExpired, "3 runs are open, however long one waits");
    }
    let other = service.run(2).await;
    let flight = bot.play(other.seed, 1);
    service.play(&flight.recording).await;
    assert!(service.submit(2, &submission(&other, &flight.recording)).await.is_ok(), "each has his own time");
}

fn minute() -> i64 {
    jiff::Timestamp::now().as_second() / 60
}
