//! Files and folders that can't be read.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use naru_tests::tracer::{Ended, Refused, Run, Scope, Strike};
use naru_tests::{Outcome, assert_same, game_files, scratch};
use nix::errno::Errno;

use super::stage::Stage;

/// The same command without the rights of root over other modes; `None` where they can't be given up.
fn ordinary(command: &Command) -> Option<Command> {
    let mut ordinary = Command::new("setpriv");
    ordinary.args(["--bounding-set", "-dac_override,-dac_read_search", "--"]);
    let probe = Command::new("setpriv")
        .args(["--bounding-set", "-dac_override,-dac_read_search", "--", "true"])
        .output();
    if !probe.as_ref().is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: the rights of root can't be given up here: {probe:?}");
        return None;
    }
    ordinary.arg(command.get_program()).args(command.get_args()).env_clear();
    ordinary.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    ordinary.current_dir(command.get_current_dir().unwrap());
    Some(ordinary)
}

fn chmod(place: &Path, mode: u32) {
    fs::set_permissions(place, Permissions::from_mode(mode)).unwrap();
}

/// What a command has printed, and its exit code.
struct Said {
    exit: Option<i32>,
    stdout: String,
}

impl Said {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self { exit: output.status.code(), stdout: String::from_utf8(output.stdout).unwrap() }
    }

    fn lines(&self) -> impl Iterator<Item = serde_json::Value> {
        self.stdout.lines().filter_map(|line| serde_json::from_str(line).ok())
    }

    fn detail(&self) -> String {
        self.lines().filter_map(|line| Some(line["detail"].as_str()?.to_owned())).collect()
    }
}

/// The paths that are damaged, of that kind.
fn damaged(said: &Said, kind: &str) -> Vec<String> {
    let result = said.lines().find(|line| line["type"] == "result").unwrap_or_default();
    let wounds = result["wounds"].as_array().cloned().unwrap_or_default();
    let of_kind = wounds.iter().filter(|wound| wound["kind"] == kind);
    of_kind.map(|wound| wound["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_can_not_be_read_is_damaged_and_is_repaired() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    for (closed, mode) in [("same/7.txt", 0o000), ("same/7.txt", 0o200), ("same", 0o000), ("same", 0o600)] {
        let at = format!("{closed} {mode:o}");
        let install = stage.copy(&root.path().join("place"));
        let text = install.to_str().unwrap();
        chmod(&install.join(closed), mode);
        let Some(mut verify) = ordinary(&naru.verify(&install)) else { return };
        let verified = Said::of(&mut verify);
        assert_eq!(verified.exit, Some(15), "{at}: it cannot be verified: {}", verified.stdout);
        let found = damaged(&verified, "unreadable");
        assert_eq!(found.len(), if closed == "same" { 60 } else { 1 }, "{at}: {found:?}");
        let repaired = Said::of(&mut ordinary(&naru.command(&["repair", "--install", text])).unwrap());
        assert_eq!(repaired.exit, Some(0), "{at}: its owner can mend it: {}", repaired.stdout);
        assert_eq!(damaged(&repaired, "unreadable"), found, "{at}: the repair tells what was wrong");
        let again = Outcome::of(&mut ordinary(&naru.verify(&install)).unwrap());
        assert_eq!(again.exit, Some(0), "{at}: {again:?}");
        assert_same(&game_files(&install), &stage.old, "the release is whole", &at);
    }
}

#[test]
fn a_folder_that_its_owner_may_not_open_either_is_named() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    let folder = install.join("same");
    chmod(&folder, 0o700);
    // Another user's: who runs the repair has no say over its mode.
    let other = Command::new("chown").arg("12345:12345").arg(&folder).status();
    if !other.is_ok_and(|status| status.success()) {
        println!("SKIPPED: only root can give a folder away");
        return;
    }
    let rights = "-dac_override,-dac_read_search,-fowner";
    for (arguments, exit) in [(["verify"], 15), (["repair"], 13), (["update"], 13)] {
        let command = naru.command(&[arguments[0], "--install", install.to_str().unwrap()]);
        let Some(_) = ordinary(&command) else { return };
        let mut foreign = Command::new("setpriv");
        foreign.args(["--bounding-set", rights, "--"]).arg(command.get_program()).args(command.get_args());
        foreign.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        foreign.current_dir(command.get_current_dir().unwrap());
        let outcome = Outcome::of(&mut foreign);
        assert_eq!(outcome.exit, Some(exit), "{arguments:?}: {outcome:?}");
        if exit == 13 {
            let detail = outcome.last["detail"].as_str().unwrap();
            assert!(detail.contains(folder.to_str().unwrap()), "a person must know which: {detail}");
            assert_eq!(outcome.last["changed"], false, "{arguments:?}: nothing is begun");
        }
    }
}

#[test]
fn a_file_whose_sectors_are_lost_is_damaged_and_is_repaired() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    let lost = Refused { name: "pread64", target: "/same/7.txt", second: None };
    for (command, exit) in [("verify", 15), ("repair", 0)] {
        let command = naru.command(&[command, "--install", install.to_str().unwrap()]);
        let strike = Strike::Refuse(lost, Errno::EIO);
        let run = Run { command: &command, output: root.path().to_path_buf(), scope: Scope::Files, strike };
        let traced = run.run();
        let said = Said { exit: None, stdout: traced.stdout.clone() };
        assert!(traced.refused > 0, "it is read, else nothing is tested");
        assert_eq!(traced.ended, Ended::Exit(exit), "{}", said.stdout);
        assert_eq!(damaged(&said, "unreadable"), ["same/7.txt"], "{}", said.stdout);
    }
    assert_same(&game_files(&install), &stage.old, "it was fetched again", "EIO");
}

#[test]
fn a_folder_that_can_not_be_listed_is_damage_and_not_the_end_of_verifying() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    // Whether a folder in a file's place may go is found out by listing it.
    fs::remove_file(install.join("same/7.txt")).unwrap();
    fs::create_dir(install.join("same/7.txt")).unwrap();
    let unlisted = Refused { name: "getdents64", target: "/same/7.txt", second: None };
    for (command, exit) in [("verify", 15), ("repair", 13)] {
        let command = naru.command(&[command, "--install", install.to_str().unwrap()]);
        let strike = Strike::Refuse(unlisted, Errno::EIO);
        let run = Run { command: &command, output: root.path().to_path_buf(), scope: Scope::Files, strike };
        let traced = run.run();
        let said = Said { exit: None, stdout: traced.stdout.clone() };
        assert!(traced.refused > 0, "it is listed, else nothing is tested");
        assert_eq!(traced.ended, Ended::Exit(exit), "{}", said.stdout);
        if exit == 15 {
            assert_eq!(damaged(&said, "unreadable"), ["same/7.txt"], "{}", said.stdout);
        } else {
            assert!(said.detail().contains("same/7.txt"), "a person must know which: {}", said.stdout);
        }
    }
}
