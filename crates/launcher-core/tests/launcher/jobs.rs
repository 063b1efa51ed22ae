//! One job at a time: pausing, resuming, cancelling, putting away.

use std::time::Duration;

use naru_launcher_core::view::{self, ErrorCode, JobKind, JobState, Offer, ProblemCode, SettingsChange};
use naru_patcher::InstallFolder;

use crate::world::{World, done, ended, noise, run, until};

/// Slow enough to be caught in the middle.
const SLOW: u64 = 1 << 20;
const SIZE: usize = 6 << 20;

fn has_begun_to_arrive(view: &view::Launcher) -> bool {
    view.job.as_ref().is_some_and(|job| job.done_bytes > SLOW / 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_before_a_pause_does_not_travel_again() {
    let world = World::new().await;
    let large = noise(SIZE, 1);
    world.publish(&[("big.pak", &large)]).await;
    let launcher = world.open();
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    launcher.game().update().unwrap();
    until(&launcher, "bytes arrive", has_begun_to_arrive).await;
    launcher.jobs().pause().unwrap();
    assert_eq!(ended(&launcher).await, JobState::Paused);
    let staged = InstallFolder::new(world.install()).status().unwrap().staged_bytes;
    assert!(staged > 0, "what has arrived is kept");
    let problem = launcher.jobs().dismiss().unwrap_err();
    assert_eq!(problem.code, ProblemCode::JobRunning, "a paused job is not over");

    launcher.settings().change(SettingsChange::RateLimit(None)).unwrap();
    launcher.jobs().resume().unwrap();
    let outcome = done(&launcher).await;
    assert_eq!(outcome.travelled_bytes, SIZE as u64 - staged, "only the rest travels");
    assert_eq!(std::fs::read(world.install().join("big.pak")).unwrap(), large);
    launcher.jobs().dismiss().unwrap();
    assert_eq!(launcher.view().job, None);
    launcher.jobs().resume().unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_lifted_frees_the_download_that_runs() {
    let world = World::new().await;
    let large = noise(SIZE, 1);
    world.publish(&[("big.pak", &large)]).await;
    let launcher = world.open();
    // Six minutes at this rate: only the change can end it.
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW / 64))).unwrap();
    launcher.game().update().unwrap();
    let has_begun = |view: &view::Launcher| view.job.as_ref().is_some_and(|job| job.done_bytes > 0);
    until(&launcher, "bytes arrive", has_begun).await;
    launcher.settings().change(SettingsChange::RateLimit(None)).unwrap();
    assert_eq!(done(&launcher).await.travelled_bytes, SIZE as u64);
    assert_eq!(std::fs::read(world.install().join("big.pak")).unwrap(), large);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_download_is_taken_over_by_the_next_update() {
    let world = World::new().await;
    world.publish(&[("big.pak", &noise(SIZE, 1))]).await;
    let launcher = world.open();
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    launcher.game().update().unwrap();
    until(&launcher, "bytes arrive", has_begun_to_arrive).await;
    launcher.jobs().cancel().unwrap();
    assert_eq!(ended(&launcher).await, JobState::Cancelled);
    let is_offered = |view: &view::Launcher| matches!(view.game.offer, Offer::Available { .. });
    let view = until(&launcher, "the offer is asked anew", is_offered).await;
    let Offer::Available { release } = view.game.offer else { panic!() };
    assert!(release.staged_bytes > 0, "the player sees that it was not for nothing");
    assert_eq!(release.download_bytes + release.staged_bytes, SIZE as u64);
    launcher.settings().change(SettingsChange::RateLimit(None)).unwrap();
    let outcome = run(&launcher, JobKind::Update).await;
    assert_eq!(outcome.travelled_bytes, release.download_bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_job_at_a_time_and_nobody_plays_meanwhile() {
    let world = World::new().await;
    let launcher = world.installed(&[("index.html", b"1")]).await;
    let first = launcher.view().job.unwrap().id;
    world.publish(&[("index.html", b"2"), ("big.pak", &noise(SIZE, 1))]).await;
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    launcher.game().update().unwrap();
    assert!(launcher.view().job.unwrap().id > first, "windows tell jobs apart");
    assert_eq!(launcher.game().verify().unwrap_err().code, ProblemCode::JobRunning);
    assert_eq!(launcher.game().play().await.err().unwrap().code, ProblemCode::JobRunning);
    launcher.check().await;
    assert_ne!(launcher.view().game.offer, Offer::Checking, "a question would only be in the way");
    launcher.jobs().cancel().unwrap();
    ended(&launcher).await;
    assert_eq!(
        launcher.jobs().pause().unwrap_err().code,
        ProblemCode::Failure(ErrorCode::NotFound),
        "there is nothing to pause"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_update_lets_the_old_release_be_played() {
    let world = World::new().await;
    let launcher = world.installed(&[("index.html", b"old")]).await;
    world.publish(&[("index.html", b"new"), ("big.pak", &noise(SIZE, 1))]).await;
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    launcher.game().update().unwrap();
    until(&launcher, "bytes arrive", has_begun_to_arrive).await;
    launcher.jobs().pause().unwrap();
    ended(&launcher).await;
    let playing = launcher.game().play().await.unwrap();
    assert_eq!(launcher.game().file("index.html").unwrap().bytes, b"old");
    assert_eq!(
        launcher.jobs().resume().unwrap_err().code,
        ProblemCode::GameRunning,
        "never under a running game"
    );
    drop(playing);
    launcher.settings().change(SettingsChange::RateLimit(None)).unwrap();
    launcher.jobs().resume().unwrap();
    assert_eq!(done(&launcher).await.release, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_hear_of_progress_about_ten_times_a_second() {
    let world = World::new().await;
    world.publish(&[("big.pak", &noise(3 << 20, 1))]).await;
    let launcher = world.open();
    launcher.settings().change(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    launcher.game().update().unwrap();
    until(&launcher, "bytes arrive", has_begun_to_arrive).await;
    let before = world.heard.jobs().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let news = world.heard.jobs();
    let heard = news.len() - before;
    assert!((1..=13).contains(&heard), "a window that is told of every piece would do nothing else: {heard}");
    let speeds: Vec<u64> = news.iter().filter_map(|job| job.bytes_per_second).collect();
    assert!(speeds.last().is_some_and(|speed| *speed < 3 * SLOW), "as fast as the limit allows: {speeds:?}");
    launcher.jobs().cancel().unwrap();
    ended(&launcher).await;
}
