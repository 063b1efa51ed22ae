//! What belongs to the player stays.

use naru_patcher::UpdateError;

use crate::world::World;

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
    assert!(world.installer().plan().await.unwrap().is_empty(), "a kept file is not offered again");
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
