//! What all of these tests begin with.

use std::path::{Path, PathBuf};
use std::process::Command;

use naru_patcher::InstallFolder;
use naru_testkit::{Entry, Tree};
use naru_tests::{
    Cloud, Naru, Outcome, assert_same, copy_folder, game_files, next_release, own_files, release,
};

/// Release 1 installed, release 2 published.
pub struct Stage {
    pub cloud: Cloud,
    pub installed: PathBuf,
    pub old: Vec<Entry>,
    pub new: Vec<Entry>,
}

impl Stage {
    pub fn set(root: &Path) -> Self {
        Self::of(root, &release(), &next_release())
    }

    /// With these two releases.
    pub fn of(root: &Path, old: &Tree, new: &Tree) -> Self {
        let cloud = Cloud::start(&root.join("cloud"));
        let naru = cloud.naru(&root.join("home"));
        old.write_to(&root.join("build-1"));
        new.write_to(&root.join("build-2"));
        Outcome::of(&mut naru.publish(&root.join("build-1"))).succeeded();
        let installed = root.join("installed");
        Outcome::of(&mut naru.update(&installed)).succeeded();
        Outcome::of(&mut naru.publish(&root.join("build-2"))).succeeded();
        Self { cloud, installed, old: old.snapshot(), new: new.snapshot() }
    }

    /// A fresh copy of the folder with release 1.
    pub fn copy(&self, place: &Path) -> PathBuf {
        std::fs::create_dir_all(place).unwrap();
        let copy = place.join("install");
        std::fs::remove_dir_all(&copy).ok();
        copy_folder(&self.installed, &copy);
        copy
    }

    /// Until the journal is written, the old release; after the ledger is, the new one.
    pub fn check_whole(&self, install: &Path, at: &str) {
        if install.join(".naru/journal").exists() {
            return;
        }
        match InstallFolder::new(install).status().unwrap().installed {
            Some(2) => assert_same(&game_files(install), &self.new, "release 2 is in place", at),
            _ => assert_same(&game_files(install), &self.old, "the old release stays as it was", at),
        }
    }

    /// The fault is over: the next run installs release 2.
    pub fn check_finishes(&self, naru: &Naru, install: &Path, at: &str) {
        let outcome = Outcome::of(&mut naru.update(install));
        assert_eq!(outcome.exit, Some(0), "{at}: {outcome:?}");
        assert_same(&game_files(install), &self.new, "the next run installs release 2", at);
        let verified = Outcome::of(&mut naru.verify(install));
        assert_eq!(verified.exit, Some(0), "{at}: {verified:?}");
        assert_eq!(own_files(install), [".naru/filedb.db", ".naru/lock"], "{at}: nothing is left over");
    }
}

/// Whether this user may mount in a new namespace.
pub fn may_mount() -> bool {
    let answer = Command::new("unshare").args(["-Urm", "true"]).output();
    let may = answer.as_ref().is_ok_and(|output| output.status.success());
    if !may {
        println!("SKIPPED: the kernel allows no user namespaces here: {answer:?}");
    }
    may
}

/// `sh -c script` in a new mount namespace, with the environment of `command`; `$0` is its
/// program, `$@` its arguments.
pub fn in_namespace(script: &str, command: &Command) -> Command {
    let mut shell = Command::new("unshare");
    shell.args(["-Urm", "/bin/sh", "-ec", script]);
    shell.arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    shell
}
