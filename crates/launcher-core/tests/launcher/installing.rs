//! Installing, updating, and what is left when that fails.

use std::time::Duration;

use naru_launcher_core::view::{
    self, Action, Changed, ErrorCode, JobKind, JobPhase, JobState, LauncherEvent, Offer, ProblemCode,
    SettingsChange,
};
use naru_testkit::{Fault, Nth, Rule};

use crate::world::{World, done, ended, noise, run, until};

fn is_answered(view: &view::Launcher) -> bool {
    !matches!(view.game.offer, Offer::Unknown | Offer::Checking)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_installs_and_a_new_release_updates() {
    let world = World::new().await;
    let large = noise(2_500_000, 1);
    world.publish(&[("index.html", b"<h1>"), ("big.pak", &large)]).await;
    let launcher = world.open();
    assert_eq!(launcher.view().game.action, Action::None, "nothing is known yet, and the window is there");
    launcher.check().await;
    let view = launcher.view();
    assert_eq!(view.game.action, Action::Install);
    let Offer::Available { release } = view.game.offer else { panic!("{view:?}") };
    assert_eq!((release.number, release.download_bytes, release.bytes), (1, 2_500_004, 2_500_004));

    let outcome = run(&launcher, JobKind::Update).await;
    assert_eq!((outcome.release, outcome.travelled_bytes), (Some(1), 2_500_004));
    let view = until(&launcher, "it is looked at", is_answered).await;
    assert_eq!((view.game.action, &view.game.offer), (Action::Play, &Offer::UpToDate));
    assert_eq!(std::fs::read(world.install().join("index.html")).unwrap(), b"<h1>");

    let mut patched = large.clone();
    patched[0] ^= 1;
    world.publish(&[("index.html", b"<h1>"), ("big.pak", &patched)]).await;
    launcher.check().await;
    let view = launcher.view();
    assert_eq!(view.game.action, Action::Update);
    let Offer::Available { release } = view.game.offer else { panic!("{view:?}") };
    assert_eq!(release.download_bytes, 1 << 20, "what is offered is the piece that changed");
    let outcome = run(&launcher, JobKind::Update).await;
    assert_eq!(outcome.travelled_bytes, 1 << 20, "and that is what travels");
    let phases: Vec<_> = world.heard.jobs().iter().filter_map(|job| job.phase).collect();
    assert!(phases.contains(&JobPhase::Download) || phases.contains(&JobPhase::Apply), "{phases:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_question_reaches_the_window_as_news() {
    let world = World::new().await;
    world.publish(&[("a", b"1")]).await;
    let launcher = world.open();
    launcher.check().await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let offers: Vec<Offer> = world.heard.all().into_iter().filter_map(offer).collect();
    assert!(matches!(&offers[..], [Offer::Checking, .., Offer::Available { .. }]), "{offers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_is_chosen_during_a_check_is_asked_for() {
    let world = World::new().await;
    world.publish(&[("a", b"1")]).await;
    let launcher = world.open();
    world.edge.inject(Rule::new("version.json", Nth::Only(1), Fault::Latency(Duration::from_millis(500))));
    let asking = launcher.clone();
    let check = tokio::spawn(async move { asking.check().await });
    until(&launcher, "the check is under way", |view| view.game.offer == Offer::Checking).await;
    launcher.settings().change(SettingsChange::Channel("beta".into())).unwrap();
    check.await.unwrap();
    let view = until(&launcher, "the other channel is asked for", is_answered).await;
    let Offer::Failed { problem } = view.game.offer else {
        panic!("what live offers says nothing: {view:?}")
    };
    assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::NotFound), "nobody has published to it");
}

fn offer(event: LauncherEvent) -> Option<Offer> {
    if let LauncherEvent::Game(game) = event { Some(game.offer) } else { None }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_what_is_installed_is_played() {
    let world = World::new().await;
    world.installed(&[("index.html", b"<h1>")]).await;
    let launcher = world.open_offline();
    let asking = launcher.clone();
    let question = tokio::spawn(async move { asking.check().await });
    until(&launcher, "the question is under way", |view| view.game.offer == Offer::Checking).await;
    assert_eq!(launcher.view().game.action, Action::Play, "nobody waits for the answer");
    let playing = launcher.game().play().await.unwrap();
    assert_eq!(launcher.game().file("index.html").unwrap().bytes, b"<h1>");
    question.await.unwrap();
    drop(playing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_told_and_changes_nothing() {
    let world = World::new().await;
    let launcher = world.open_offline();
    launcher.check().await;
    let Offer::Failed { problem } = launcher.view().game.offer else { panic!("{:?}", launcher.view()) };
    assert_eq!(
        (problem.code, problem.changed),
        (ProblemCode::Failure(ErrorCode::Unreachable), Changed::Nothing)
    );
    assert_eq!(launcher.view().game.action, Action::None, "nothing is installed and nothing can be");
    let problem = launcher.game().play().await.err().unwrap();
    assert_eq!(problem.code, ProblemCode::NotInstalled);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_fails_leaves_the_old_release_playable() {
    let world = World::new().await;
    let launcher = world.installed(&[("index.html", b"old"), ("b", b"old")]).await;
    world.publish(&[("index.html", b"new"), ("b", b"new")]).await;
    world.edge.inject(Rule::new("update/b?", Nth::Every, Fault::FlipByte(0)));
    launcher.game().update().unwrap();
    let JobState::Failed { problem } = ended(&launcher).await else { panic!("{:?}", launcher.view().job) };
    assert_eq!(problem.code, ProblemCode::Failure(ErrorCode::Corrupt));
    assert_eq!(problem.changed, Changed::OnlyStage, "the game is what it was");
    let playing = launcher.game().play().await.unwrap();
    assert_eq!(
        launcher.game().file("index.html").unwrap().bytes,
        b"old",
        "never one file of the new release"
    );
    drop(playing);
    world.edge.clear();
    run(&launcher, JobKind::Update).await;
    assert_eq!(std::fs::read(world.install().join("b")).unwrap(), b"new", "and the next try mends it");
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_finds_and_repair_mends() {
    let world = World::new().await;
    let launcher = world.installed(&[("index.html", b"<h1>"), ("b", b"22")]).await;
    std::fs::write(world.install().join("b"), b"xx").unwrap();
    let found = run(&launcher, JobKind::Verify).await;
    assert_eq!(found.wounds, 1);
    let view = launcher.view();
    assert_eq!((view.game.wounds, view.game.action), (1, Action::Repair), "the button offers the cure");
    launcher.game().repair().unwrap();
    let mended = done(&launcher).await;
    assert_eq!((mended.wounds, mended.travelled_bytes), (1, 2));
    let view = until(&launcher, "it is looked at", is_answered).await;
    assert_eq!((view.game.wounds, view.game.action), (0, Action::Play));
}

#[tokio::test(flavor = "multi_thread")]
async fn verifying_needs_no_server() {
    let world = World::new().await;
    world.installed(&[("a", b"1")]).await;
    assert_eq!(run(&world.open_offline(), JobKind::Verify).await.wounds, 0);
}
