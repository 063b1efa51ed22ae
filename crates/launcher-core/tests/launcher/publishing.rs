//! The publisher's part.

use naru_launcher_core::view::{
    self, BuildChangeKind, Changed, ErrorCode, JobKind, JobPhase, JobState, Prediction, ProblemCode,
    SettingsChange,
};
use naru_launcher_core::{Endpoints, Launcher};

use crate::world::{World, done, ended, noise, run, until, write};

fn choose_build(launcher: &std::sync::Arc<naru_launcher_core::Launcher>, world: &World) {
    let build = world.path("build").to_str().unwrap().to_owned();
    launcher.settings().change(SettingsChange::BuildFolder(Some(build))).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_compares_publishes_and_goes_back() {
    let world = World::new().await;
    world.publish(&[("index.html", b"one"), ("moved", b"mmmm"), ("gone", b"ggg")]).await;
    let launcher = world.open();
    let view = until(&launcher, "credentials are found", |view| view.publisher.shown).await;
    assert_eq!(view.publisher.bucket.as_deref(), Some("naru"));
    assert_eq!(
        launcher.publisher().compare().await.unwrap_err().code,
        ProblemCode::Failure(ErrorCode::NotFound),
        "no folder is chosen"
    );
    run(&launcher, JobKind::Update).await;

    world.set_build(&[("index.html", b"two"), ("there", b"mmmm"), ("new", b"n")]);
    choose_build(&launcher, &world);
    let build = launcher.publisher().compare().await.unwrap();
    assert_eq!((build.live, build.next, build.upload_bytes), (Some(1), 2, 4));
    let changes: Vec<_> =
        build.changes.iter().map(|change| (change.kind, &*change.path, change.bytes)).collect();
    assert_eq!(
        changes,
        [
            (BuildChangeKind::Deleted, "gone", 3),
            (BuildChangeKind::Changed, "index.html", 3),
            (BuildChangeKind::New, "new", 1),
            (BuildChangeKind::Moved, "there", 4),
        ]
    );
    let predicted = |from, files, bytes| Prediction { from, files, bytes };
    assert_eq!(build.predictions, [predicted(Some(1), 2, 4), predicted(None, 3, 8)]);

    launcher.publisher().publish("둘째\n---\nsecond".into()).unwrap();
    let outcome = done(&launcher).await;
    assert_eq!((outcome.release, outcome.travelled_bytes), (Some(2), 4));
    let outcome = run(&launcher, JobKind::Update).await;
    assert_eq!(outcome.travelled_bytes, 4, "players fetch what was predicted, and the edge knows of it");
    assert!(launcher.publisher().compare().await.unwrap().changes.is_empty(), "it is live");

    launcher.publisher().roll_back(1).unwrap();
    assert_eq!(done(&launcher).await.release, Some(3));
    let rows = launcher.publisher().releases().await.unwrap();
    let rows: Vec<_> =
        rows.iter().map(|row| (row.number, row.content_of, row.live, row.can_roll_back)).collect();
    assert_eq!(rows, [(3, Some(1), true, false), (2, None, false, true), (1, None, false, true)]);
    run(&launcher, JobKind::Update).await;
    assert_eq!(std::fs::read(world.install().join("index.html")).unwrap(), b"one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_at_is_what_is_published_or_nothing() {
    let world = World::new().await;
    world.publish(&[("a", b"1")]).await;
    let launcher = world.open();
    world.set_build(&[("a", b"2")]);
    choose_build(&launcher, &world);
    launcher.publisher().compare().await.unwrap();
    world.publish(&[("a", b"3")]).await;
    world.set_build(&[("a", b"2")]);
    launcher.publisher().publish(String::new()).unwrap();
    let JobState::Failed { problem } = ended(&launcher).await else { panic!("{:?}", launcher.view().job) };
    assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::Conflict), "another publisher was first");
    assert_eq!(problem.changed, Changed::OnlyUploads, "and players see nothing of this try");
    let problem = launcher.publisher().publish(String::new()).unwrap_err();
    assert_eq!(problem.code, ProblemCode::NotCompared, "what would go out now was not looked at");
    assert_eq!(live(&launcher).await, 2);
    launcher.publisher().compare().await.unwrap();
    launcher.publisher().publish(String::new()).unwrap();
    assert_eq!(done(&launcher).await.release, Some(3), "who tries again compares again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_compared_with_one_channel_is_not_published_to_another() {
    let world = World::new().await;
    world.publish(&[("a", b"1")]).await;
    let launcher = world.open();
    world.set_build(&[("a", b"2")]);
    choose_build(&launcher, &world);
    launcher.publisher().compare().await.unwrap();
    launcher.settings().change(SettingsChange::Channel("beta".into())).unwrap();
    let problem = launcher.publisher().publish(String::new()).unwrap_err();
    assert_eq!(problem.code, ProblemCode::NotCompared);
    launcher.settings().change(SettingsChange::Channel("live".into())).unwrap();
    launcher.publisher().publish(String::new()).unwrap();
    assert_eq!(done(&launcher).await.release, Some(2), "what was compared with this one is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_was_paused_goes_on_with_what_was_compared_or_not_at_all() {
    let world = World::new().await;
    world.publish(&[("a", b"1")]).await;
    let launcher = world.open();
    let large: Vec<_> = (0..SENT).map(|seed| (format!("large{seed}"), noise(4 << 20, seed))).collect();
    let large: Vec<(&str, &[u8])> = large.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    world.set_build(&large);
    choose_build(&launcher, &world);

    pause_midway(&launcher).await;
    launcher.jobs().resume().unwrap();
    assert_eq!(done(&launcher).await.release, Some(2), "the build is as it was");

    let others: Vec<_> =
        (0..SENT).map(|seed| (format!("other{seed}"), noise(4 << 20, SENT + seed))).collect();
    let others: Vec<(&str, &[u8])> = others.iter().map(|(name, bytes)| (&**name, &**bytes)).collect();
    world.set_build(&others);
    pause_midway(&launcher).await;
    write(&world.path("build/new"), b"nobody has looked at this");
    launcher.jobs().resume().unwrap();
    let JobState::Failed { problem } = ended(&launcher).await else { panic!("{:?}", launcher.view().job) };
    assert_eq!(problem.code, ProblemCode::NotCompared);
    assert_eq!(live(&launcher).await, 2);
}

/// Files of a build that takes a while to send.
const SENT: u64 = 12;

/// Compares, begins to publish, and pauses while files are sent.
async fn pause_midway(launcher: &Launcher) {
    launcher.publisher().compare().await.unwrap();
    launcher.publisher().publish(String::new()).unwrap();
    let is_sending =
        |view: &view::Launcher| view.job.as_ref().is_some_and(|job| job.phase == Some(JobPhase::Upload));
    until(launcher, "files are sent", is_sending).await;
    launcher.jobs().pause().unwrap();
    assert_eq!(ended(launcher).await, JobState::Paused);
}

async fn live(launcher: &Launcher) -> u64 {
    let rows = launcher.publisher().releases().await.unwrap();
    rows.iter().find(|row| row.live).unwrap().number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_sees_nothing_of_it() {
    let mut world = World::new().await;
    let endpoints = Endpoints { publishing: None, ..world.endpoints() };
    let launcher = world.open_with(endpoints.clone());
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert!(!launcher.view().publisher.shown);
    assert_eq!(launcher.publisher().releases().await.unwrap_err().code, ProblemCode::NoPublisher);
    world.admin = true;
    assert!(world.open_with(endpoints).view().publisher.shown, "who asks for it is told what is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_players_could_not_read_are_refused_at_once() {
    let world = World::new().await;
    let launcher = world.open();
    world.set_build(&[("a", b"1")]);
    choose_build(&launcher, &world);
    let problem = launcher.publisher().publish("x".repeat(7 << 10)).unwrap_err();
    assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::BadFormat));
    assert_eq!(launcher.view().job, None, "nothing was begun");
}
