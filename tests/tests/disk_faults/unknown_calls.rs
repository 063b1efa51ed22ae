//! File systems and sandboxes that do not know a call.

use std::path::Path;
use std::process::Command;

use naru_tests::tracer::{Ended, Refused, Run, Scope, Strike, Traced};
use naru_tests::{Outcome, assert_same, game_files, own_files, scratch};
use nix::errno::Errno;

use super::stage::Stage;

fn run(command: &Command, output: &Path, refused: Refused, errno: Errno) -> (Traced, Outcome) {
    let strike = Strike::Refuse(refused, errno);
    let traced = Run { command, output: output.to_path_buf(), scope: Scope::Files, strike }.run();
    assert!(traced.refused > 0, "{refused:?} {errno}: it is called, else nothing is tested");
    let Ended::Exit(exit) = traced.ended else { panic!("{refused:?} {errno}: {:?}", traced.ended) };
    let outcome = Outcome::read(Some(exit), &traced.stdout, &traced.stderr);
    (traced, outcome)
}

#[test]
fn an_update_goes_on_without_a_call_that_is_not_known() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    for name in ["syncfs", "fallocate", "fsync", "flock", "openat2"] {
        for errno in [Errno::ENOSYS, Errno::EOPNOTSUPP, Errno::EINVAL] {
            if name == "openat2" && errno != Errno::ENOSYS {
                // The kernel has it or has it not.
                continue;
            }
            let at = format!("{name} {errno}");
            let install = stage.copy(&root.path().join("place"));
            let (_, outcome) = run(&naru.update(&install), root.path(), Refused::all(name), errno);
            assert_eq!(outcome.exit, Some(0), "{at}: {outcome:?}");
            assert_same(&game_files(&install), &stage.new, "the update is done without it", &at);
            assert_eq!(own_files(&install), [".naru/filedb.db", ".naru/lock"], "{at}: nothing is left over");
        }
    }
}

#[test]
fn what_was_staged_is_flushed_file_by_file_without_syncfs() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    let (traced, _) = run(&naru.update(&install), root.path(), Refused::all("syncfs"), Errno::ENOSYS);
    let is_flush = |target: &str, folder: &str| target.contains(folder);
    let flushed: Vec<_> = traced.calls.iter().filter(|call| call.name == "fsync").collect();
    let staged = flushed.iter().filter(|call| is_flush(&call.target, "/.naru/stage/")).count();
    assert!(staged > 100, "each staged file, before the journal: {staged}");
    let folders = flushed.iter().filter(|call| call.target.ends_with("/edited")).count();
    assert!(folders > 0, "and each folder whose names change, before the ledger");
}

#[test]
fn without_locks_one_run_at_a_time_is_kept_by_a_file() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    let elsewhere = install.join(".naru/claim-0123456789abcdef-1-1");
    std::fs::write(&elsewhere, b"").unwrap();
    let no_locks = Refused::all("flock");
    let dry = naru.command(&["update", "--dry-run", "--install", install.to_str().unwrap()]);
    for command in [naru.update(&install), naru.verify(&install), dry] {
        let (_, refused) = run(&command, root.path(), no_locks, Errno::ENOLCK);
        assert_eq!(refused.code(), "busy", "another computer may be at work: {refused:?}");
        let detail = refused.last["detail"].as_str().unwrap();
        assert!(detail.contains(elsewhere.to_str().unwrap()), "a person must know which file: {detail}");
    }
    std::fs::remove_file(&elsewhere).unwrap();
    let (_, updated) = run(&naru.update(&install), root.path(), no_locks, Errno::ENOLCK);
    assert_eq!(updated.exit, Some(0), "NFS without locks holds a game: {updated:?}");
    assert_same(&game_files(&install), &stage.new, "the update is done", "no locks");
    assert_eq!(own_files(&install), [".naru/filedb.db", ".naru/lock"], "the claim is given back");
}

#[test]
fn a_killed_run_without_locks_does_not_block_the_next() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    // A process of this system that has ended: the shell's own number and start are read before it goes.
    let script = "read -r line < /proc/self/stat; printf %s \"$line\"";
    let ended = Command::new("sh").args(["-c", script]).output().unwrap();
    let stat = String::from_utf8(ended.stdout).unwrap();
    let process = stat.split(' ').next().unwrap();
    let started = stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap();
    let system = {
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
        let processes = std::fs::read_link("/proc/self/ns/pid").unwrap();
        naru_protocol::Digest::of(format!("{boot}{}", processes.display()).as_bytes()).to_string()
    };
    let left = install.join(format!(".naru/claim-{}-{process}-{started}", &system[..16]));
    std::fs::write(&left, b"").unwrap();
    let (_, updated) = run(&naru.update(&install), root.path(), Refused::all("flock"), Errno::ENOLCK);
    assert_eq!(updated.exit, Some(0), "its process is gone: {updated:?}");
    assert!(!left.exists(), "and its file is removed");
}

#[test]
fn looking_asks_for_no_lock_that_a_readable_file_can_not_have() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let install = stage.copy(&root.path().join("place"));
    // NFS refuses LOCK_EX | LOCK_NB on a handle that was opened to read.
    let exclusive = Refused { name: "flock", target: "", second: Some(6) };
    let dry = naru.command(&["update", "--dry-run", "--install", install.to_str().unwrap()]);
    let strike = Strike::Refuse(exclusive, Errno::EBADF);
    let traced = Run { command: &dry, output: root.path().to_path_buf(), scope: Scope::Files, strike }.run();
    assert_eq!(
        (traced.refused, traced.ended),
        (0, Ended::Exit(0)),
        "a dry run changes nothing: {}",
        traced.stdout
    );
}
