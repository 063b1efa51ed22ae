//! Publish, update, change, publish, update.

use naru_patcher::{UpdateError, WoundKind};
use naru_store::{ObjectRef, PutOptions, UploadSource, WriteCondition};

use crate::world::{World, expected, noise};

#[tokio::test]
async fn what_was_published_is_what_is_installed() {
    let world = World::new().await;
    let large = noise(3_500_000, 1);
    let files: &[(&str, &[u8])] =
        &[("index.html", b"<h1>"), ("art/나루.png", b"png"), ("data/big.pak", &large), ("empty", b"")];
    world.set_build(files);
    let published = world.publish().await.unwrap();
    assert_eq!((published.number, published.files), (1, 4));
    let updated = world.update().await.unwrap();
    assert_eq!(updated.to, 1);
    assert_eq!(world.installed(), expected(files), "an install folder is the build, byte for byte");
    assert_eq!(world.verify().await.unwrap().wounds, [], "and verifying agrees");
    assert!(!world.install().join(".naru/stage").exists(), "nothing staged is left behind");
    let again = world.updater().plan().await.unwrap();
    assert!(again.is_empty(), "the same release again has nothing to do: {again:?}");
}

#[tokio::test]
async fn only_the_change_travels() {
    let world = World::new().await;
    let moved = noise(200_000, 2);
    let kept = noise(300_000, 3);
    world.set_build(&[
        ("old/place.bin", &moved),
        ("kept.bin", &kept),
        ("gone.txt", b"x"),
        ("edit.txt", b"1"),
    ]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let files: &[(&str, &[u8])] = &[
        ("new/place.bin", &moved),
        ("copy.bin", &moved),
        ("kept.bin", &kept),
        ("edit.txt", b"22"),
        ("add.txt", b"n"),
    ];
    world.set_build(files);
    let published = world.publish().await.unwrap();
    assert_eq!(published.uploaded_bytes, 3, "a moved file's bytes are in the store already");
    let updated = world.update().await.unwrap();
    assert_eq!(updated.downloaded_bytes, 3, "and on the player's disk");
    assert_eq!(updated.moved_files, 2, "one takes the old inode over, one is a copy");
    assert_eq!(world.installed(), expected(files), "removed files go, and their empty folders");
    assert!(!world.install().join("old").exists());
}

#[tokio::test]
async fn a_large_file_takes_over_the_pieces_that_stayed() {
    let world = World::new().await;
    let mut large = noise(5 << 20, 4);
    world.set_build(&[("big.pak", &large)]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    large[(2 << 20) + 17] ^= 1;
    world.set_build(&[("big.pak", &large)]);
    world.publish().await.unwrap();
    let updated = world.update().await.unwrap();
    assert_eq!(updated.downloaded_bytes, 1 << 20, "one byte changed, so one piece travels");
    assert_eq!(world.installed()["big.pak"], large);
}

#[tokio::test]
async fn two_files_that_change_places_are_not_downloaded() {
    let world = World::new().await;
    let (one, two) = (noise(100_000, 5), noise(100_000, 6));
    world.set_build(&[("a", &one), ("b", &two)]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("a", &two), ("b", &one)]);
    assert_eq!(world.publish().await.unwrap().uploaded_bytes, 0);
    assert_eq!(world.update().await.unwrap().downloaded_bytes, 0, "both contents are here");
    assert_eq!(world.installed(), expected(&[("a", &two), ("b", &one)]));
}

#[tokio::test]
async fn a_file_becomes_a_folder_and_a_folder_a_file() {
    let world = World::new().await;
    world.set_build(&[("a", b"file"), ("b/c/d", b"deep")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let files: &[(&str, &[u8])] = &[("a/x", b"now a folder"), ("b", b"now a file")];
    world.set_build(files);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_eq!(world.installed(), expected(files));
}

#[tokio::test]
async fn damage_is_found_and_only_the_damaged_piece_is_fetched() {
    let world = World::new().await;
    let large = noise(4 << 20, 7);
    world.set_build(&[("big.pak", &large), ("cut", b"whole"), ("lost", b"here"), ("fine", b"fine")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let mut damaged = large.clone();
    damaged[1 << 20] ^= 0x40;
    world.disturb("big.pak", &damaged);
    world.disturb("cut", b"who");
    std::fs::remove_file(world.install().join("lost")).unwrap();
    let found: Vec<_> = world
        .verify()
        .await
        .unwrap()
        .wounds
        .into_iter()
        .map(|wound| (wound.path.to_string(), wound.kind, wound.bytes))
        .collect();
    let wounds = [
        ("big.pak".to_owned(), WoundKind::Damaged, 1 << 20),
        ("cut".to_owned(), WoundKind::WrongSize, 5),
        ("lost".to_owned(), WoundKind::Missing, 4),
    ];
    assert_eq!(found, wounds, "every difference, and no other");
    let repaired = world.repair().await.unwrap();
    assert_eq!(repaired.downloaded_bytes, (1 << 20) + 5 + 4, "the other three pieces were good");
    assert_eq!(world.verify().await.unwrap().wounds, []);
    assert_eq!(world.installed()["big.pak"], large);
}

#[cfg(unix)]
#[tokio::test]
async fn the_executable_bit_arrives_changes_and_is_repaired() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new().await;
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o111;
    let set = |path: std::path::PathBuf, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    world.set_build(&[("run.sh", b"#!/bin/sh"), ("data", b"d")]);
    set(world.build().join("run.sh"), 0o755);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_ne!(mode(world.install().join("run.sh")), 0, "a program that can't be run is no program");
    assert_eq!(mode(world.install().join("data")), 0);
    set(world.install().join("run.sh"), 0o644);
    assert_eq!(world.verify().await.unwrap().wounds[0].kind, WoundKind::Mode);
    assert_eq!(world.repair().await.unwrap().downloaded_bytes, 0, "the bytes are right");
    assert_ne!(mode(world.install().join("run.sh")), 0);
    set(world.build().join("run.sh"), 0o644);
    set(world.build().join("data"), 0o755);
    let published = world.publish().await.unwrap();
    assert_eq!(published.uploaded_bytes, 0, "only bits changed");
    assert_eq!(world.update().await.unwrap().downloaded_bytes, 0);
    assert_eq!(mode(world.install().join("run.sh")), 0);
    assert_ne!(mode(world.install().join("data")), 0);
}

#[tokio::test]
async fn a_second_updater_is_told_that_the_folder_is_busy() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let lock = std::fs::File::open(world.install().join(".naru/lock")).unwrap();
    lock.lock().unwrap();
    let refused = world.updater().plan().await;
    assert!(matches!(refused, Err(UpdateError::Busy { .. })), "{refused:?}");
}

#[tokio::test]
async fn verify_needs_something_installed() {
    let world = World::new().await;
    let refused = world.verify().await;
    assert!(matches!(refused, Err(UpdateError::NotInstalled { .. })), "{refused:?}");
    assert!(!world.install().exists(), "asking must not make the folder");
}

#[tokio::test]
async fn nothing_published_is_said_so() {
    let world = World::new().await;
    let refused = world.update().await;
    assert!(matches!(refused, Err(UpdateError::NothingPublished { .. })), "{refused:?}");
}

#[tokio::test]
async fn another_channel_counts_by_itself_and_never_passes_for_this_one() {
    let world = World::new().await;
    for version in [b"1", b"2", b"3"] {
        world.set_build(&[("x", version)]);
        world.publish().await.unwrap();
    }
    world.update().await.unwrap();
    world.set_build(&[("x", b"beta")]);
    let beta: naru_protocol::Channel = "beta".parse().unwrap();
    let mut publisher = world.publisher();
    publisher.channel.channel = beta.clone();
    let plan = publisher.plan().await.unwrap();
    assert_eq!(publisher.publish(plan).await.unwrap().number, 1);
    let updated = world.update_from(&beta).await.unwrap();
    assert_eq!((updated.from, updated.to), (Some(3), 1), "switching is not going back");
    assert_eq!(world.installed()["x"], b"beta");
    assert!(world.update_from(&beta).await.unwrap().downloaded_bytes == 0);
    let live = naru_protocol::Channel::live();
    world.update_from(&live).await.unwrap();
    assert_eq!(world.installed()["x"], b"3", "and back again");

    let keys = naru_protocol::Keys::new("update");
    let (live, beta) = (keys.pointer(&naru_protocol::Channel::live()), keys.pointer(&beta));
    let pointer = world.place.store.read(&ObjectRef::newest(beta), 1 << 20).await.unwrap();
    let source = UploadSource::Bytes(pointer);
    world.place.store.put(&live, source, WriteCondition::None, PutOptions::default(), &()).await.unwrap();
    world.invalidate(&live).await;
    let refused = world.update().await;
    assert!(matches!(refused, Err(UpdateError::OtherChannel { .. })), "{refused:?}");
}
