//! What belongs to the player stays.

use std::sync::Arc;

use naru_patcher::{UpdateError, UpdateOptions, Updater, Warning, WoundKind};

use crate::world::{Warnings, World, write};

#[tokio::test]
async fn a_config_file_follows_the_three_way_rule() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"a1"), ("b.ini", b"b1"), ("c.ini", b"c1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("b.ini", b"mine");
    world.disturb("c.ini", b"mine too");
    world.set_build(&[("a.ini", b"a2"), ("b.ini", b"b1"), ("c.ini", b"c2")]);
    world.publish().await.unwrap();
    let updated = world.update().await.unwrap();
    let now = world.installed();
    assert_eq!(now["a.ini"], b"a2", "unchanged by the player: replaced");
    assert_eq!(now["b.ini"], b"mine", "changed by the player only: kept");
    assert_eq!(now["c.ini"], b"mine too", "changed by both: kept");
    assert_eq!(now["c.ini.new"], b"c2", "and ours beside it");
    assert_eq!(updated.kept.len(), 1, "only the one that needs a look is named");
    let verified = world.verify().await.unwrap();
    assert_eq!(verified.wounds, [], "a player's change is no damage");
    assert_eq!(verified.changed_by_player.len(), 2);
    assert!(world.updater().plan().await.unwrap().is_empty(), "a kept file is not offered again");
    world.repair().await.unwrap();
    assert_eq!(world.installed()["b.ini"], b"mine", "repair does not take it away either");
}

#[tokio::test]
async fn preserved_files_are_written_once() {
    let world = World::new().await;
    world.set_build(&[("saves/first.sav", b"start"), ("x", b"x")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("saves/first.sav", b"hours of play");
    world.set_build(&[("saves/first.sav", b"new start"), ("x", b"y")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_eq!(world.installed()["saves/first.sav"], b"hours of play");
    world.set_build(&[("x", b"z")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_eq!(world.installed()["saves/first.sav"], b"hours of play", "also when the release drops it");
}

#[tokio::test]
async fn files_that_the_release_never_had_are_not_touched() {
    let world = World::new().await;
    world.set_build(&[("mods/readme", b"r"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("mods/mine.pak", b"mod");
    world.disturb("screenshot.png", b"png");
    world.set_build(&[("x", b"2")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.repair().await.unwrap();
    let now = world.installed();
    assert!(!now.contains_key("mods/readme"), "ours goes");
    assert_eq!(now["mods/mine.pak"], b"mod", "theirs stays, and its folder with it");
    assert_eq!(now["screenshot.png"], b"png");
}

#[tokio::test]
async fn a_foreign_file_at_our_path_is_moved_aside() {
    let world = World::new().await;
    world.set_build(&[("readme.txt", b"ours")]);
    world.publish().await.unwrap();
    world.disturb("readme.txt", b"the player's own, from before");
    world.update().await.unwrap();
    let now = world.installed();
    assert_eq!(now["readme.txt"], b"ours");
    assert_eq!(
        now["readme.txt.old"], b"the player's own, from before",
        "nothing of a player's is overwritten"
    );
}

#[tokio::test]
async fn a_players_file_where_a_folder_has_to_be_stops_the_update_before_it_begins() {
    let world = World::new().await;
    world.set_build(&[("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("levels", b"a note");
    world.set_build(&[("x", b"2"), ("levels/1.json", b"{}")]);
    world.publish().await.unwrap();
    let refused = world.update().await;
    assert!(matches!(refused, Err(UpdateError::InTheWay { .. })), "{refused:?}");
    assert_eq!(world.installed()["x"], b"1", "and the old release is whole");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_is_never_written_through() {
    let world = World::new().await;
    world.set_build(&[("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let outside = tempfile::TempDir::new().unwrap();
    std::os::unix::fs::symlink(outside.path(), world.install().join("levels")).unwrap();
    world.set_build(&[("x", b"1"), ("levels/1.json", b"{}")]);
    world.publish().await.unwrap();
    let refused = world.update().await;
    assert!(matches!(refused, Err(UpdateError::LinkInTheWay { .. })), "{refused:?}");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0, "nothing may land outside the folder");
}

#[tokio::test]
async fn what_the_player_edited_or_put_in_a_folder_stops_the_update_before_it_begins() {
    for (edited, bytes) in [("a.ini", &b"mine"[..]), ("saves/1.sav", b"hours")] {
        let world = World::new().await;
        world.set_build(&[("a.ini", b"a1"), ("saves/1.sav", b"start"), ("x", b"1")]);
        world.publish().await.unwrap();
        world.update().await.unwrap();
        world.disturb(edited, bytes);
        world.set_build(&[(&format!("{edited}/part"), b"p"), ("x", b"2")]);
        world.publish().await.unwrap();
        let refused = world.update().await;
        assert!(matches!(refused, Err(UpdateError::InTheWay { .. })), "{edited}: {refused:?}");
        assert_eq!(world.installed()[edited], bytes);
        assert_eq!(world.installed()["x"], b"1", "the old release is whole");
        assert!(!world.install().join(".naru/journal").exists(), "and nothing waits to be finished");
    }
}

#[tokio::test]
async fn the_release_s_config_file_lies_beside_under_a_name_that_nobody_has() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"1"), ("b.ini", b"1"), ("c.ini", b"1"), ("d.ini", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    for name in ["a.ini", "b.ini", "c.ini", "d.ini"] {
        world.disturb(name, b"mine");
    }
    world.disturb("a.ini.new/note", b"a folder of the player's");
    world.disturb("b.ini.new", b"the player's own");
    let two: &[(&str, &[u8])] = &[
        ("a.ini", b"2"),
        ("b.ini", b"2"),
        ("c.ini", b"2"),
        ("d.ini", b"2"),
        ("d.ini.new", b"the release's"),
    ];
    world.set_build(two);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let now = world.installed();
    assert_eq!(
        (&now["a.ini.new/note"][..], &now["a.ini.new2"][..]),
        (&b"a folder of the player's"[..], &b"2"[..])
    );
    assert_eq!((&now["b.ini.new"][..], &now["b.ini.new2"][..]), (&b"the player's own"[..], &b"2"[..]));
    assert_eq!((&now["d.ini.new"][..], &now["d.ini.new2"][..]), (&b"the release's"[..], &b"2"[..]));
    world.set_build(&[("a.ini", b"2"), ("b.ini", b"2"), ("c.ini", b"3"), ("d.ini", b"2")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let now = world.installed();
    assert_eq!(now["c.ini.new"], b"3", "ours, which nobody touched, gives way to the newer one");
    assert!(!now.contains_key("c.ini.new2"));
}

#[cfg(unix)]
#[tokio::test]
async fn settings_and_saves_may_be_links() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"a1"), ("saves/1.sav", b"start")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let elsewhere = tempfile::TempDir::new().unwrap();
    for name in ["a.ini", "saves/1.sav"] {
        let (place, target) = (world.install().join(name), elsewhere.path().join("target"));
        std::fs::write(&target, b"kept elsewhere").unwrap();
        std::fs::remove_file(&place).unwrap();
        std::os::unix::fs::symlink(&target, &place).unwrap();
    }
    world.set_build(&[("a.ini", b"a2"), ("saves/1.sav", b"new start")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    for name in ["a.ini", "saves/1.sav"] {
        assert!(world.install().join(name).is_symlink(), "{name} was the player's choice");
    }
    assert_eq!(world.installed()["a.ini.new"], b"a2");
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_removed_behind_a_link() {
    let world = World::new().await;
    world.set_build(&[("mods/readme", b"r"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::rename(world.install().join("mods"), outside.path().join("mods")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("mods"), world.install().join("mods")).unwrap();
    world.set_build(&[("x", b"2")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    assert_eq!(std::fs::read(world.install().join("x")).unwrap(), b"2", "the update is not held up");
    assert!(outside.path().join("mods/readme").exists(), "what lies behind the link is not the game's");
    assert!(world.updater().plan().await.unwrap().is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn names_that_differ_in_case_are_two_files_where_the_folder_lists_both() {
    let world = World::new().await;
    world.set_build(&[("readme", b"the same bytes")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    std::fs::hard_link(world.install().join("readme"), world.install().join("Readme")).unwrap();
    world.set_build(&[("Readme", b"the same bytes")]);
    world.publish().await.unwrap();
    let updated = world.update().await.unwrap();
    assert_eq!((updated.moved_files, updated.downloaded_bytes), (0, 0), "the new name is right already");
    assert_eq!(world.installed()["Readme"], b"the same bytes", "removing the old name must not take it");
    assert!(!world.installed().contains_key("readme"), "the old name belongs to no release any more");
}

#[tokio::test]
async fn the_player_is_told_where_the_release_s_version_lies() {
    let world = World::new().await;
    world.set_build(&[("a.ini", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.disturb("a.ini", b"mine");
    world.disturb("a.ini.new", b"the player's own");
    world.set_build(&[("a.ini", b"2")]);
    world.publish().await.unwrap();
    let heard = Arc::new(Warnings::default());
    let (store, options) = (world.place.edge.clone(), UpdateOptions::default());
    let updater = Updater::new(store, world.install_folder(), options, heard.clone());
    updater.update(updater.plan().await.unwrap()).await.unwrap();
    let (path, ours) = ("a.ini".parse().unwrap(), Some("a.ini.new2".parse().unwrap()));
    assert_eq!(heard.take(), [Warning::KeptChanged { path, ours }], "not a name that is somebody else's");
    assert_eq!(world.installed()["a.ini.new2"], b"2");
}

#[tokio::test]
async fn verify_lists_what_stands_in_the_way_beside_the_other_differences() {
    let world = World::new().await;
    world.set_build(&[("data", b"1"), ("maps/one", b"1"), ("maps/two", b"1"), ("x", b"1")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    let install = world.install();
    std::fs::remove_file(install.join("data")).unwrap();
    write(&install.join("data/mine.txt"), b"the player's");
    std::fs::remove_dir_all(install.join("maps")).unwrap();
    write(&install.join("maps"), b"a file where a folder was");
    write(&install.join("x"), b"damaged");
    let found = world.verify().await.unwrap();
    let named: Vec<_> = found.wounds.iter().map(|wound| (wound.path.as_str(), wound.kind)).collect();
    let blocked = WoundKind::NotAFile;
    let all = [("data", blocked), ("maps/one", blocked), ("maps/two", blocked), ("x", WoundKind::WrongSize)];
    assert_eq!(named, all, "one obstacle hides no other difference");
    let refused = world.repair().await;
    assert!(
        matches!(refused, Err(UpdateError::InTheWay { .. })),
        "what is the player's is not moved: {refused:?}"
    );
}
