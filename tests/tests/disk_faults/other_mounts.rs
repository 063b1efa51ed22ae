//! Other file systems within an install folder.

use naru_tests::{Outcome, assert_same, game_files, scratch};

use super::stage::{Stage, in_namespace, may_mount};

/// Mounts `$FROM` on `$PLACE` for this process. Both are of one device, as with most bind mounts: only
/// the mount tells them apart.
const BIND: &str = "
    mount --bind \"$FROM\" \"$PLACE\"
    exec \"$0\" \"$@\"";

/// A memory disk with the same files, as if the game were spread over two disks.
const TMPFS: &str = "
    cp -a \"$PLACE\" \"$FROM/files\"
    mount -t tmpfs naru \"$PLACE\"
    cp -a \"$FROM/files/.\" \"$PLACE\"
    exec \"$0\" \"$@\"";

fn refused_by_name(script: &str, path: &str) {
    if !may_mount() {
        return;
    }
    let root = scratch();
    let stage = Stage::set(root.path());
    let install = stage.copy(root.path());
    let place = install.join(path);
    let from = root.path().join("other");
    if script == BIND {
        naru_tests::copy_folder(&place, &from);
    } else {
        std::fs::create_dir_all(&from).unwrap();
    }
    let naru = stage.cloud.naru(&root.path().join("home"));
    for command in [
        naru.update(&install),
        naru.command(&["update", "--dry-run", "--install", install.to_str().unwrap()]),
    ] {
        let mut shell = in_namespace(script, &command);
        std::fs::remove_dir_all(from.join("files")).ok();
        let outcome = Outcome::of(shell.env("FROM", &from).env("PLACE", &place));
        assert_eq!((outcome.exit, outcome.code()), (Some(13), "disk-refused"), "{path}: {outcome:?}");
        let detail = outcome.last["detail"].as_str().unwrap();
        assert!(detail.contains(place.to_str().unwrap()), "a person must know which folder: {detail}");
        assert_eq!(outcome.last["changed"], false, "{path}: {outcome:?}");
        assert!(!install.join(".naru/journal").exists(), "no commit begins that can't be finished");
        assert_same(&game_files(&install), &stage.old, "the old release stays as it was", path);
    }
    stage.check_finishes(&naru, &install, "unmounted");
}

#[test]
fn a_folder_mounted_within_the_game_is_named_before_anything_changes() {
    refused_by_name(BIND, "edited");
}

#[test]
fn a_file_mounted_within_the_game_is_named_before_anything_changes() {
    refused_by_name(BIND, "edited/1.json");
}

#[test]
fn a_disk_mounted_within_the_game_is_named_before_anything_changes() {
    refused_by_name(TMPFS, "edited");
}

#[test]
fn a_mount_that_the_update_does_not_touch_is_no_obstacle() {
    if !may_mount() {
        return;
    }
    let root = scratch();
    let stage = Stage::set(root.path());
    let install = stage.copy(root.path());
    let from = root.path().join("other");
    naru_tests::copy_folder(&install.join("same"), &from);
    let naru = stage.cloud.naru(&root.path().join("home"));
    let mut shell = in_namespace(BIND, &naru.update(&install));
    let outcome = Outcome::of(shell.env("FROM", &from).env("PLACE", install.join("same")));
    outcome.succeeded();
    assert_same(&game_files(&install), &stage.new, "the mounted files stay as they are", "mounted");
}
