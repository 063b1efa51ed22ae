//! One job at a time: pausing, resuming, cancelling, putting away.

use std::time::Duration;

use naru_launcher_core::view::{JobKind, JobState, Launcher, Offer, ProblemCode, SettingsChange};
use naru_patcher::InstallFolder;

use crate::world::{World, done, ended, noise, run, until};

/// Slow enough to be caught in the middle.
const SLOW: u64 = 1 << 20;
const SIZE: usize = 6 << 20;

fn has_begun_to_arrive(view: &Launcher) -> bool {
    view.job.as_ref().is_some_and(|job| job.done_bytes > SLOW / 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_arrived_before_a_pause_does_not_travel_again() {
    let world = World::new().await;
    let large = noise(SIZE, 1);
    world.publish(&[("big.pak", &large)]).await;
    let core = world.open();
    core.change_settings(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    core.begin(JobKind::Update).unwrap();
    until(&core, "bytes arrive", has_begun_to_arrive).await;
    core.pause().unwrap();
    assert_eq!(ended(&core).await, JobState::Paused);
    let staged = InstallFolder::new(world.install()).status().unwrap().staged_bytes;
    assert!(staged > 0, "what has arrived is kept");
    let problem = core.dismiss().unwrap_err();
    assert_eq!(problem.code, ProblemCode::JobRunning, "a paused job is not over");

    core.change_settings(SettingsChange::RateLimit(None)).unwrap();
    core.resume().unwrap();
    let outcome = done(&core).await;
    assert_eq!(outcome.travelled_bytes, SIZE as u64 - staged, "only the rest travels");
    assert_eq!(std::fs::read(world.install().join("big.pak")).unwrap(), large);
    core.dismiss().unwrap();
    assert_eq!(core.view().job, None);
    core.resume().unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_is_lifted_frees_the_download_that_runs() {
    let world = World::new().await;
    let large = noise(SIZE, 1);
    world.publish(&[("big.pak", &large)]).await;
    let core = world.open();
    // Six minutes at this rate: only the change can end it.
    core.change_settings(SettingsChange::RateLimit(Some(SLOW / 64))).unwrap();
    core.begin(JobKind::Update).unwrap();
    let has_begun = |view: &Launcher| view.job.as_ref().is_some_and(|job| job.done_bytes > 0);
    until(&core, "bytes arrive", has_begun).await;
    core.change_settings(SettingsChange::RateLimit(None)).unwrap();
    assert_eq!(done(&core).await.travelled_bytes, SIZE as u64);
    assert_eq!(std::fs::read(world.install().join("big.pak")).unwrap(), large);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_download_is_taken_over_by_the_next_update() {
    let world = World::new().await;
    world.publish(&[("big.pak", &noise(SIZE, 1))]).await;
    let core = world.open();
    core.change_settings(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    core.begin(JobKind::Update).unwrap();
    until(&core, "bytes arrive", has_begun_to_arrive).await;
    core.cancel().unwrap();
    assert_eq!(ended(&core).await, JobState::Cancelled);
    let is_offered = |view: &Launcher| matches!(view.game.offer, Offer::Available { .. });
    let view = until(&core, "the offer is asked anew", is_offered).await;
    let Offer::Available { release } = view.game.offer else { panic!() };
    assert!(release.staged_bytes > 0, "the player sees that it was not for nothing");
    assert_eq!(release.download_bytes + release.staged_bytes, SIZE as u64);
    core.change_settings(SettingsChange::RateLimit(None)).unwrap();
    let outcome = run(&core, JobKind::Update).await;
    assert_eq!(outcome.travelled_bytes, release.download_bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_job_at_a_time_and_nobody_plays_meanwhile() {
    let world = World::new().await;
    let core = world.installed(&[("index.html", b"1")]).await;
    let first = core.view().job.unwrap().id;
    world.publish(&[("index.html", b"2"), ("big.pak", &noise(SIZE, 1))]).await;
    core.change_settings(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    core.begin(JobKind::Update).unwrap();
    assert!(core.view().job.unwrap().id > first, "windows tell jobs apart");
    assert_eq!(core.begin(JobKind::Verify).unwrap_err().code, ProblemCode::JobRunning);
    assert_eq!(core.begin_play().await.err().unwrap().code, ProblemCode::JobRunning);
    core.check().await;
    assert_ne!(core.view().game.offer, Offer::Checking, "a question would only be in the way");
    core.cancel().unwrap();
    ended(&core).await;
    assert_eq!(core.pause().unwrap_err().code, ProblemCode::NotFound, "there is nothing to pause");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_update_lets_the_old_release_be_played() {
    let world = World::new().await;
    let core = world.installed(&[("index.html", b"old")]).await;
    world.publish(&[("index.html", b"new"), ("big.pak", &noise(SIZE, 1))]).await;
    core.change_settings(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    core.begin(JobKind::Update).unwrap();
    until(&core, "bytes arrive", has_begun_to_arrive).await;
    core.pause().unwrap();
    ended(&core).await;
    let playing = core.begin_play().await.unwrap();
    assert_eq!(core.game_file("index.html").unwrap().bytes, b"old");
    assert_eq!(core.resume().unwrap_err().code, ProblemCode::GameRunning, "never under a running game");
    drop(playing);
    core.change_settings(SettingsChange::RateLimit(None)).unwrap();
    core.resume().unwrap();
    assert_eq!(done(&core).await.release, Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_hear_of_progress_about_ten_times_a_second() {
    let world = World::new().await;
    world.publish(&[("big.pak", &noise(3 << 20, 1))]).await;
    let core = world.open();
    core.change_settings(SettingsChange::RateLimit(Some(SLOW))).unwrap();
    core.begin(JobKind::Update).unwrap();
    until(&core, "bytes arrive", has_begun_to_arrive).await;
    let before = world.heard.jobs().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let news = world.heard.jobs();
    let heard = news.len() - before;
    assert!((1..=13).contains(&heard), "a window that is told of every piece would do nothing else: {heard}");
    let speeds: Vec<u64> = news.iter().filter_map(|job| job.bytes_per_second).collect();
    assert!(speeds.last().is_some_and(|speed| *speed < 3 * SLOW), "as fast as the limit allows: {speeds:?}");
    core.cancel().unwrap();
    ended(&core).await;
}
