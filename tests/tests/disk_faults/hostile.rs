//! A `.naru` prepared by an attacker: in a shared folder, or in an archive with the game.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use naru_protocol::Digest;
use naru_testkit::Entry;
use naru_tests::{Outcome, assert_same, game_files, next_release, scratch};

use super::stage::{Stage, in_namespace, may_mount};

/// An install folder with a trap in it, and what must not be touched.
struct Trap<'a> {
    install: PathBuf,
    outside: PathBuf,
    stage: &'a Stage,
}

impl Trap<'_> {
    fn own(&self, path: &str) -> PathBuf {
        self.install.join(".naru").join(path)
    }

    fn victim(&self) -> PathBuf {
        self.outside.join("victim")
    }

    /// Where the next update stages its files.
    fn staged(&self) -> Vec<PathBuf> {
        let tree = next_release();
        let place = |digest: String| self.own(&format!("stage/{}/{digest}", &digest[..2]));
        tree.files.values().map(|file| place(Digest::of(&file.bytes).to_string())).collect()
    }

    fn clear(&self, path: &str) {
        let place = self.own(path);
        if place.is_dir() && !place.is_symlink() {
            fs::remove_dir_all(place).unwrap();
        } else if place.symlink_metadata().is_ok() {
            fs::remove_file(place).unwrap();
        }
    }

    fn link(&self, path: &str, to: &Path) {
        self.clear(path);
        symlink(to, self.own(path)).unwrap();
    }

    fn pipe(&self, path: &str) {
        self.clear(path);
        assert!(Command::new("mkfifo").arg(self.own(path)).status().unwrap().success());
    }
}

/// What becomes of an update.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The obstacle is removed as an entry, and the update succeeds.
    Done,
    /// The entry is named, and nothing is changed.
    Named(&'static str),
    /// Without a ledger, what a release leaves behind is the player's and may be in the way.
    DoneOrInTheWay,
}

type Setting = (&'static str, Ends, fn(&Trap<'_>));

const TRAPS: &[Setting] = &[
    ("the own folder is a link", Ends::Named(".naru"), |trap| {
        let elsewhere = trap.outside.join("own");
        fs::rename(trap.install.join(".naru"), &elsewhere).unwrap();
        symlink(&elsewhere, trap.install.join(".naru")).unwrap();
    }),
    ("the own folder is a file", Ends::Named(".naru"), |trap| {
        fs::remove_dir_all(trap.install.join(".naru")).unwrap();
        fs::write(trap.install.join(".naru"), b"").unwrap();
    }),
    ("the stage is a link", Ends::Done, |trap| trap.link("stage", &trap.outside)),
    ("the stage is a pipe", Ends::Done, |trap| trap.pipe("stage")),
    ("the stage is full of folders", Ends::Done, |trap| {
        fs::create_dir_all(trap.own("stage/ab/deep/deeper")).unwrap();
        symlink(&trap.outside, trap.own("stage/ab/deep/link")).unwrap();
    }),
    ("each shard is a link", Ends::Done, |trap| {
        fs::create_dir_all(trap.own("stage")).unwrap();
        (0..=255u8).for_each(|byte| symlink(&trap.outside, trap.own(&format!("stage/{byte:02x}"))).unwrap());
    }),
    ("each staged file is a link", Ends::Done, |trap| {
        for place in trap.staged() {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            symlink(trap.victim(), &place).ok();
            symlink(trap.victim(), place.with_extension("at")).ok();
        }
    }),
    ("each staged file is a file elsewhere", Ends::Done, |trap| {
        for place in trap.staged() {
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::hard_link(trap.victim(), &place).ok();
            fs::hard_link(trap.victim(), place.with_extension("at")).ok();
        }
    }),
    ("each staged file is a folder", Ends::Done, |trap| {
        trap.staged().iter().for_each(|place| fs::create_dir_all(place.join("inside")).unwrap());
    }),
    ("what is written first is a link", Ends::Done, |trap| {
        trap.link("journal.tmp", &trap.victim());
        trap.link("filedb.db.tmp", &trap.victim());
        trap.link("filedb.db.broken", &trap.victim());
        fs::create_dir_all(trap.own("stage")).unwrap();
        trap.link("stage/manifest", &trap.victim());
        trap.link("stage/locations", &trap.victim());
    }),
    ("the ledger is a link", Ends::DoneOrInTheWay, |trap| trap.link("filedb.db", &trap.victim())),
    ("the ledger is a pipe", Ends::DoneOrInTheWay, |trap| trap.pipe("filedb.db")),
    ("the ledger is a folder", Ends::DoneOrInTheWay, |trap| {
        trap.clear("filedb.db");
        fs::create_dir(trap.own("filedb.db")).unwrap();
    }),
    ("a journal of SQLite's lies beside the ledger", Ends::DoneOrInTheWay, |trap| {
        fs::write(trap.own("filedb.db-journal"), [0xd9; 4096]).unwrap();
    }),
    ("the lock is a link", Ends::Named(".naru/lock"), |trap| trap.link("lock", &trap.victim())),
    ("the lock is a link to nothing", Ends::Named(".naru/lock"), |trap| {
        trap.link("lock", &trap.outside.join("new"));
    }),
    ("the lock is a pipe", Ends::Named(".naru/lock"), |trap| trap.pipe("lock")),
    ("the journal is a link", Ends::Named(".naru/journal"), |trap| trap.link("journal", &trap.victim())),
    ("the journal is a pipe", Ends::Named(".naru/journal"), |trap| trap.pipe("journal")),
    ("the journal is a folder", Ends::Named(".naru/journal"), |trap| {
        fs::create_dir(trap.own("journal")).unwrap();
    }),
    ("the journal has no end", Ends::Named(".naru/journal"), |trap| {
        fs::File::create(trap.own("journal")).unwrap().set_len(1 << 40).unwrap();
    }),
    ("the journal names a file elsewhere", Ends::Named(".naru/journal"), |trap| {
        write_journal(trap, trap.victim().to_str().unwrap());
    }),
    ("the journal names a file above the stage", Ends::Named(".naru/journal"), |trap| {
        write_journal(trap, "../../../outside/victim");
    }),
];

/// A commit that would move `staged` into the game.
fn write_journal(trap: &Trap<'_>, staged: &str) {
    let journal = serde_json::json!({
        "format": 1,
        "installed": {
            "channel": "live", "epoch": 0, "number": 2, "notes": "", "made_by_2017": false,
            "manifest": Digest::of(b"").to_string(),
        },
        "deletes": [], "installs": [{"staged": staged, "path": "stolen"}], "modes": [], "rows": [], "gone": [],
    });
    fs::create_dir_all(trap.own("stage")).unwrap();
    fs::write(trap.own("journal"), journal.to_string()).unwrap();
}

/// A command that is killed when it hangs, as one does that waits for a pipe.
fn bounded(command: &Command) -> Command {
    let mut bounded = Command::new("timeout");
    bounded.args(["-s", "KILL", "120"]).arg(command.get_program()).args(command.get_args()).env_clear();
    bounded.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    bounded.current_dir(command.get_current_dir().unwrap());
    bounded
}

/// Everything outside, with the number of names that each file has.
fn outside(folder: &Path) -> Vec<Entry> {
    let mut entries = naru_testkit::snapshot(folder);
    // The own folder that a link leads to is the trap's own.
    entries.retain(|entry| !entry.path.starts_with("own/"));
    entries
}

#[test]
fn nothing_outside_is_touched_whatever_lies_in_the_own_folder() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    for (trap_name, ends, set) in TRAPS {
        let place = root.path().join("place");
        let trap = Trap { install: stage.copy(&place), outside: place.join("outside"), stage: &stage };
        fs::create_dir_all(trap.outside.join("folder")).unwrap();
        fs::write(trap.victim(), b"somebody's only copy").unwrap();
        fs::write(trap.outside.join("folder/file"), b"another").unwrap();
        set(&trap);
        let before = outside(&trap.outside);
        for command in ["status", "verify", "repair"] {
            Outcome::of(&mut bounded(&naru.command(&[command, "--install", trap.install.to_str().unwrap()])));
            assert_same(
                &outside(&trap.outside),
                &before,
                "outside is not ours",
                &format!("{trap_name}, {command}"),
            );
        }
        set_again(&trap, *set);
        let updated = Outcome::of(&mut bounded(&naru.update(&trap.install)));
        assert_same(&outside(&trap.outside), &before, "outside is not ours", trap_name);
        match ends {
            Ends::Done => {
                assert_eq!(updated.exit, Some(0), "{trap_name}: {updated:?}");
                assert_same(&game_files(&trap.install), &trap.stage.new, "the update goes on", trap_name);
            }
            Ends::DoneOrInTheWay => {
                let detail = updated.last["detail"].as_str().unwrap_or_default();
                let is_in_the_way = detail.ends_with("is in the way of the release");
                assert!(updated.exit == Some(0) || is_in_the_way, "{trap_name}: {updated:?}");
            }
            Ends::Named(path) => {
                assert_eq!(updated.code(), "disk-refused", "{trap_name}: a script must know: {updated:?}");
                let named = trap.install.join(path);
                let detail = updated.last["detail"].as_str().unwrap_or_default();
                assert!(
                    detail.contains(named.to_str().unwrap()),
                    "{trap_name}: a person must know which: {detail}"
                );
                // Only a file may be the journal of an update that was cut off.
                let is_midway = path.ends_with("journal") && named.symlink_metadata().unwrap().is_file();
                assert_eq!(updated.last["changed"], is_midway, "{trap_name}: {updated:?}");
                assert!(!trap.install.join("stolen").exists(), "{trap_name}: it is not the game's");
            }
        }
        fs::remove_dir_all(&place).unwrap();
    }
}

/// A repair may have removed the trap: then it is set once more, for the update.
fn set_again(trap: &Trap<'_>, set: fn(&Trap<'_>)) {
    let own = trap.install.join(".naru");
    if own.is_dir() && !own.is_symlink() && trap.own("journal").symlink_metadata().is_err() {
        for name in ["stage", "lock"] {
            trap.clear(name);
        }
        set(trap);
    }
}

/// Mounts `$OUTSIDE` over `$OVER`, runs the command, and unmounts it again.
const MOUNTED: &str = "mount --bind \"$OUTSIDE\" \"$OVER\"; exec \"$0\" \"$@\"";

#[test]
fn what_is_mounted_in_the_own_folder_is_named_and_not_touched() {
    if !may_mount() {
        return;
    }
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));
    for over in [".naru", ".naru/stage", ".naru/stage/ab", ".naru/lock"] {
        let place = root.path().join("place");
        let install = stage.copy(&place);
        let outside_folder = place.join("outside");
        fs::create_dir_all(outside_folder.join("ab")).unwrap();
        fs::write(outside_folder.join("ab/file"), b"somebody's").unwrap();
        fs::create_dir_all(install.join(".naru/stage/ab")).unwrap();
        let from =
            if over.ends_with("lock") { outside_folder.join("ab/file") } else { outside_folder.clone() };
        let before = naru_testkit::snapshot(&outside_folder);
        for command in [naru.update(&install), naru.verify(&install)] {
            let mut shell = in_namespace(MOUNTED, &command);
            let outcome = Outcome::of(shell.env("OUTSIDE", &from).env("OVER", install.join(over)));
            let after = naru_testkit::snapshot(&outside_folder);
            assert_same(&after, &before, "a mount leads elsewhere, as a link does", over);
            if outcome.exit != Some(0) {
                assert_eq!(outcome.code(), "disk-refused", "{over}: {outcome:?}");
                let detail = outcome.last["detail"].as_str().unwrap_or_default();
                assert!(detail.contains(install.join(over).to_str().unwrap()), "{over}: {detail}");
                assert_same(&game_files(&install), &stage.old, "nothing is begun", over);
            } else {
                assert_eq!(command.get_args().next().unwrap(), "verify", "{over}: the stage can't be made");
            }
        }
        stage.check_finishes(&naru, &install, "unmounted again");
        fs::remove_dir_all(&place).unwrap();
    }
}
