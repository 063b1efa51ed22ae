//! What a launcher asks of an install folder before and while the game runs.

use std::sync::Arc;

use naru_patcher::{
    GameFileError, GameFiles, Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError, UpdateOptions,
    Updater, Warning,
};

use crate::world::{World, expected, noise};

/// A machine that goes down when the first file has been put in place.
struct Outage;

impl ProgressSink for Outage {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Apply { Box::new(Outage) } else { Silent.start(phase, total) }
    }

    fn warn(&self, _warning: Warning) {}
}

impl PhaseProgress for Outage {
    fn bytes(&self, _more: u64) {}

    fn item(&self, _path: &str) {
        panic!("the power is gone");
    }
}

#[tokio::test]
async fn an_update_that_was_cut_off_is_finished_without_a_server() {
    let world = World::new().await;
    world.set_build(&[("a", b"old"), ("b", b"old"), ("c", b"old")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert!(
        !world.install_folder().recover(&Silent).unwrap(),
        "there is nothing to finish, and nothing is done"
    );
    let files: &[(&str, &[u8])] = &[("a", b"new"), ("b", b"new"), ("c", b"new")];
    world.set_build(files);
    world.publish().await.unwrap();
    let edge = world.place.edge.clone();
    let cut = Updater::new(edge, world.install_folder(), UpdateOptions::default(), Arc::new(Outage));
    tokio::spawn(async move {
        let plan = cut.plan().await.unwrap();
        cut.update(plan).await.unwrap();
    })
    .await
    .unwrap_err();
    assert!(world.install_folder().status().unwrap().interrupted, "it is between two releases");
    assert_ne!(world.installed(), expected(files));
    assert!(world.install_folder().recover(&Silent).unwrap());
    assert_eq!(world.installed(), expected(files), "the staged files were all that it needed");
    let status = world.install_folder().status().unwrap();
    assert_eq!((status.installed, status.interrupted), (Some(2), false));
}

/// A player who has pressed "cancel".
struct Impatient;

impl ProgressSink for Impatient {
    fn start(&self, _phase: Phase, _total: Total) -> Box<dyn PhaseProgress> {
        Box::new(Impatient)
    }

    fn warn(&self, _warning: Warning) {}
}

impl PhaseProgress for Impatient {
    fn bytes(&self, _more: u64) {
        panic!("nothing is read for somebody who has gone");
    }

    fn item(&self, _path: &str) {}

    fn is_stopped(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_verification_that_nobody_waits_for_ends_and_finds_nothing_damaged() {
    let world = World::new().await;
    world.set_build(&[("big.pak", &noise(2_500_000, 1))]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let stopped = world.install_folder().verify(Arc::new(Impatient)).await;
    assert!(matches!(stopped, Err(UpdateError::Stopped)), "{stopped:?}");
    assert_eq!(world.verify().await.unwrap().wounds, [], "the folder is free and whole");
}

#[tokio::test]
async fn a_folder_without_a_game_is_left_as_it_is() {
    let world = World::new().await;
    assert!(!world.install_folder().recover(&Silent).unwrap());
    assert!(!world.install().exists(), "looking makes nothing");
}

#[tokio::test]
async fn only_the_releases_own_bytes_are_handed_to_the_game() {
    let world = World::new().await;
    world.set_build(&[("index.html", b"<h1>"), ("art/나루.png", b"png"), ("settings.ini", b"a=1")]);
    world.publish().await.unwrap();
    GameFiles::open(&world.install()).unwrap_err();
    world.update().await.unwrap();
    world.disturb("stranger.js", b"alert(1)");
    let files = GameFiles::open(&world.install()).unwrap();
    assert_eq!(files.read("art/나루.png").unwrap(), b"png");
    for path in
        ["stranger.js", "../build/index.html", ".naru/filedb.db", "/etc/passwd", "", "art", "INDEX.html"]
    {
        assert!(matches!(files.read(path), Err(GameFileError::Unknown { .. })), "{path} is not of the game");
    }
    for bytes in [&b"<h2>"[..], b"<h", b"<h1><script>"] {
        world.disturb("index.html", bytes);
        assert!(matches!(files.read("index.html"), Err(GameFileError::Altered { .. })), "{bytes:?}");
    }
    std::fs::remove_file(world.install().join("index.html")).unwrap();
    assert!(matches!(files.read("index.html"), Err(GameFileError::Io { .. })));
}

/// Each release holds what the planner has a rule for: pieces of a large file, a move, a copy, two
/// files of the same bytes, a removal, the player's files.
fn releases() -> Vec<Vec<(&'static str, Vec<u8>)>> {
    let large = noise(5_300_000, 1);
    let mut patched = large.clone();
    patched[2_100_000] ^= 1;
    let mut shorter = patched.clone();
    shorter.truncate(3 << 20);
    let moved = noise(70_000, 2);
    let twin = noise(900, 3);
    vec![
        vec![("big.pak", large), ("old/m", moved.clone()), ("saves/first", twin.clone()), ("a.ini", vec![1])],
        vec![
            ("big.pak", patched),
            ("new/m", moved.clone()),
            ("new/copy", moved.clone()),
            ("saves/first", vec![9]),
            ("a.ini", vec![2]),
        ],
        vec![("big.pak", shorter), ("new/m", moved), ("x", twin.clone()), ("y", twin), ("empty", Vec::new())],
    ]
}

#[tokio::test]
async fn what_is_predicted_is_what_an_update_then_plans_and_fetches() {
    let (older, newest) = (releases().len() - 1, releases().pop().unwrap());
    for installed in 0..=older {
        let world = World::new().await;
        for (at, files) in releases()[..older].iter().enumerate() {
            set(&world, files);
            world.publish().await.unwrap();
            if at + 1 == installed {
                world.update().await.unwrap();
            }
        }
        set(&world, &newest);
        let publisher = world.publisher();
        let plan = publisher.plan().await.unwrap();
        let predictions = publisher.predict(&plan, 5).await.unwrap();
        let from: Vec<_> = predictions.iter().map(|prediction| prediction.from).collect();
        assert_eq!(from, [Some(2), Some(1), None], "the newest first, the first install last");
        let number = (installed > 0).then_some(installed as u64);
        let predicted = predictions.iter().find(|prediction| prediction.from == number).unwrap();
        publisher.publish(plan).await.unwrap();
        let planned = world.updater().plan().await.unwrap();
        let what = (predicted.files, predicted.bytes);
        assert_eq!(what, (planned.download_files, planned.download_bytes), "from {number:?}, as planned");
        let updated = world.updater().update(planned).await.unwrap();
        assert_eq!(updated.downloaded_bytes, predicted.bytes, "from {number:?}, as fetched");
    }
}

#[tokio::test]
async fn predictions_are_bounded() {
    let world = World::new().await;
    for number in 1..=4u8 {
        world.set_build(&[("a", &[number])]);
        world.publish().await.unwrap();
    }
    world.set_build(&[("a", b"next")]);
    let publisher = world.publisher();
    let plan = publisher.plan().await.unwrap();
    let predictions = publisher.predict(&plan, 2).await.unwrap();
    let from: Vec<_> = predictions.iter().map(|prediction| prediction.from).collect();
    assert_eq!(from, [Some(4), Some(3), None], "a channel of a thousand releases costs no more to ask");
}

fn set(world: &World, files: &[(&str, Vec<u8>)]) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (*path, &**bytes)).collect();
    world.set_build(&files);
}
