//! Folders that may not be written to.

use naru_tests::{Outcome, assert_same, game_files, scratch};

use super::stage::{Stage, in_namespace, may_mount};

/// Makes `$FOLDER` read-only for this process, root or not.
const READ_ONLY: &str = "
    mount --bind \"$FOLDER\" \"$FOLDER\"
    mount -o remount,bind,ro \"$FOLDER\"
    exec \"$0\" \"$@\"";

#[test]
fn a_read_only_install_folder_is_named_and_left_as_it_is() {
    if !may_mount() {
        return;
    }
    let root = scratch();
    let stage = Stage::set(root.path());
    let install = stage.copy(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let mut shell = in_namespace(READ_ONLY, &naru.update(&install));
    let outcome = Outcome::of(shell.env("FOLDER", &install));
    assert_eq!((outcome.exit, outcome.code()), (Some(13), "disk-refused"), "{outcome:?}");
    let detail = outcome.last["detail"].as_str().unwrap();
    assert!(detail.contains(install.to_str().unwrap()), "a person must know which folder: {detail}");
    assert_same(&game_files(&install), &stage.old, "the old release stays as it was", "read-only");
    stage.check_finishes(&naru, &install, "writable again");
}

#[test]
fn a_folder_of_the_game_that_refuses_is_named_and_the_commit_is_finished_later() {
    if !may_mount() {
        return;
    }
    let root = scratch();
    let stage = Stage::set(root.path());
    let install = stage.copy(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let mut shell = in_namespace(READ_ONLY, &naru.update(&install));
    let outcome = Outcome::of(shell.env("FOLDER", install.join("edited")));
    assert_eq!((outcome.exit, outcome.code()), (Some(13), "disk-refused"), "{outcome:?}");
    let begun = install.join(".naru/journal").exists();
    assert_eq!(outcome.last["changed"], begun, "the error tells whether the game was touched: {outcome:?}");
    if !begun {
        assert_same(&game_files(&install), &stage.old, "the old release stays as it was", "read-only");
    }
    stage.check_finishes(&naru, &install, "writable again");
}
