//! The engine's limits, with modules that try to break them.

use std::task::Poll;
use std::time::{Duration, Instant};

use naru_backend::SAMPLE_GAME;
use naru_backend::scores::{EngineLimits, Outcome, QuickJs, ReplayError, Simulation};

fn module(replay: &str) -> QuickJs {
    let source = format!("export const RULES_VERSION = 1, FRAME_MS = 75; export {replay}");
    // The count of reports is what must stop a module here, not this machine's time.
    let limits = EngineLimits { time: Duration::from_secs(3600), ..EngineLimits::default() };
    QuickJs::load(source, limits).unwrap()
}

async fn replay(body: &str) -> Result<Outcome, ReplayError> {
    module(&format!("function replay(seed, inputs) {{ {body} }}")).replay(7, vec![1, 0]).await
}

#[tokio::test]
async fn a_module_that_never_ends_is_stopped() {
    for body in [
        "while (true) {}",
        "for (;;) { try { for (;;) {} } catch { } }",
        "const f = () => { try { f(); } finally { f(); } }; for (;;) try { f(); } catch {}",
    ] {
        assert_eq!(replay(body).await, Err(ReplayError::Stopped), "{body}");
    }
}

#[tokio::test]
async fn a_module_gets_no_more_memory_than_its_limit() {
    for body in [
        "const all = []; for (;;) all.push(new Array(1000).fill(1));",
        "let s = 'x'; for (;;) s += s;",
        "return new Uint8Array(1 << 30);",
        "const f = () => f() + 1; return f();",
    ] {
        let error = replay(body).await.unwrap_err();
        assert!(matches!(error, ReplayError::Engine(_)), "{body}: {error}");
    }
}

#[tokio::test]
async fn a_module_has_nothing_but_the_language() {
    for name in ["Date", "performance", "fetch", "require", "process", "setTimeout", "std", "os", "console"] {
        let body = format!("return {{score: typeof {name} === 'undefined' ? 1 : 0, frame: 1, hit: 'x'}}");
        assert_eq!(replay(&body).await.unwrap().score, 1, "{name}");
    }
    let import = replay("return import('fs');").await;
    assert!(import.is_err());
}

#[tokio::test]
async fn an_answer_that_is_no_outcome_is_an_error() {
    for body in [
        "",
        "throw new Error('no')",
        "return {score: 1.5, frame: 1, hit: null}",
        "return {score: -1, frame: 1, hit: null}",
        "return {score: 2 ** 40, frame: 1, hit: null}",
        "return {score: NaN, frame: 1, hit: 'wall'}",
        "return {score: '7', frame: 1, hit: 'wall'}",
        "return {get score() { while (true) {} }}",
    ] {
        assert!(replay(body).await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn nothing_is_left_over_from_one_replay_to_the_next() {
    let game = module(
        "function replay() { globalThis.n = (globalThis.n ?? 0) + 1; return {score: n, frame: 1, hit: 'x'} }",
    );
    for _ in 0..3 {
        assert_eq!(game.replay(1, vec![1]).await.unwrap().score, 1);
    }
}

#[tokio::test]
async fn a_module_without_rules_is_refused_at_the_start() {
    for source in ["", "export const RULES_VERSION = 1;", "export const RULES_VERSION = ;", "while (true) {}"]
    {
        assert!(QuickJs::load(source, EngineLimits::default()).is_err(), "{source}");
    }
    let game = QuickJs::load(SAMPLE_GAME, EngineLimits::default()).unwrap();
    assert_eq!((game.rules().version, game.rules().frame_ms), (1, 75));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_replays_than_can_wait_are_refused_as_busy() {
    const EACH: Duration = Duration::from_millis(300);
    let source = "export const RULES_VERSION = 1, FRAME_MS = 75;
        export function replay(seed) { while (seed === 1) {} return {score: 1, frame: 1, hit: 'x'} }";
    let limits =
        EngineLimits { at_once: 1, waiting: 2, reports: u64::MAX, time: EACH, ..EngineLimits::default() };
    let game = QuickJs::load(source, limits).unwrap();
    let begun = Instant::now();
    let mut busy = 0;
    let mut placed = Vec::new();
    // Nobody gives a place back before all have asked: that takes a second look at a replay.
    for _ in 0..40 {
        let mut replay = game.replay(1, vec![1]);
        match futures::poll!(&mut replay) {
            Poll::Ready(answer) => {
                assert_eq!(answer, Err(ReplayError::Busy));
                busy += 1;
            }
            Poll::Pending => placed.push(replay),
        }
    }
    assert_eq!((placed.len(), busy), (3, 37), "one that runs, and two that wait");
    for answer in futures::future::join_all(placed).await {
        assert_eq!(answer, Err(ReplayError::Stopped), "each had its turn");
    }
    assert!(begun.elapsed() >= 3 * EACH, "one after the other: {:?}", begun.elapsed());
    assert!(game.replay(0, vec![1]).await.is_ok(), "and the places are free again");
}
