//! Install folders on file systems that hold less than Linux's own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use naru_testkit::{Entry, Tree, TreeFile};
use naru_tests::{
    Cloud, FileSystem, Mounted, Naru, Outcome, game_files, next_release, own_files, release, scratch,
};

/// Publishes two releases and installs both on one file system after the other.
fn follow(root: &Path, old: &Tree, new: &Tree, kinds: &[FileSystem]) {
    let cloud = Cloud::start(&root.join("cloud"));
    let naru = cloud.naru(&root.join("home"));
    let publish = |tree: &Tree, name: &str| {
        tree.write_to(&root.join(name));
        Outcome::of(&mut naru.publish(&root.join(name))).succeeded();
    };
    publish(old, "build-1");
    let mounted: Vec<_> =
        kinds.iter().filter_map(|kind| Some((format!("{kind:?}"), Mounted::new(*kind)?))).collect();
    for (at, disk) in &mounted {
        let install = disk.path().join("game");
        Outcome::of(&mut naru.update(&install)).succeeded();
        check_stays(&naru, disk, old, &format!("{at}, installed"));
    }
    publish(new, "build-2");
    for (at, disk) in &mounted {
        let install = disk.path().join("game");
        Outcome::of(&mut naru.update(&install)).succeeded();
        check_stays(&naru, disk, new, &format!("{at}, updated"));
    }
}

/// The folder has the release's bytes under the release's names, and no command finds anything to do.
fn check_stays(naru: &Naru, disk: &Mounted, tree: &Tree, at: &str) {
    let install = disk.path().join("game");
    let wanted = bytes(tree.snapshot()).into_iter().map(|(path, digest)| (disk.kind().listed(&path), digest));
    assert_eq!(bytes(game_files(&install)), wanted.collect(), "{at}: every file is the release's");
    check_nothing_to_do(naru, &install, at);
    disk.mount_again();
    check_nothing_to_do(naru, &install, &format!("{at}, mounted again"));
}

fn check_nothing_to_do(naru: &Naru, install: &Path, at: &str) {
    let verified = Outcome::of(&mut naru.verify(install));
    assert_eq!(verified.exit, Some(0), "{at}: a mode that can't be kept is not a difference: {verified:?}");
    let updated = Outcome::of(&mut naru.update(install));
    assert_eq!(updated.succeeded()["updated"], false, "{at}: an installed release is no change: {updated:?}");
    assert_eq!(own_files(install), [".naru/filedb.db", ".naru/lock"], "{at}: nothing is left over");
}

/// Names and bytes, without the executable bit.
fn bytes(entries: Vec<Entry>) -> BTreeMap<String, String> {
    entries.into_iter().map(|entry| (entry.path, entry.digest)).collect()
}

#[test]
fn modes_that_a_file_system_does_not_hold_are_no_difference() {
    let root = scratch();
    follow(root.path(), &release(), &next_release(), &FileSystem::ALL);
}

/// A tree of small files.
fn tree<const N: usize>(files: [(&str, &str); N]) -> Tree {
    let mut tree = release();
    tree.files = files
        .into_iter()
        .map(|(path, bytes)| {
            (path.to_owned(), TreeFile { bytes: bytes.to_owned().into(), executable: path.ends_with("sh") })
        })
        .collect();
    tree
}

#[test]
fn names_that_change_their_case_only_stay_installed() {
    let old = tree([
        ("RUN.SH", "program"),
        ("Edited.txt", "old"),
        ("Data/same", "same"),
        ("Data/edited", "old bytes"),
        ("깊은 Folder/Ä.txt", "umlaut"),
        ("Turn", "a file"),
        ("Fold/one", "in a folder"),
        ("stays", "as it is"),
    ]);
    let new = tree([
        ("run.sh", "program"),
        ("edited.TXT", "new"),
        ("data/same", "same"),
        ("data/edited", "new bytes"),
        ("깊은 folder/ä.txt", "umlaut"),
        ("turn/inside", "now a folder"),
        ("fold", "now a file"),
        ("stays", "as it is"),
    ]);
    let root = scratch();
    follow(root.path(), &old, &new, &FileSystem::WITHOUT_CASE);
}

/// Release 1 installed, release 2 published, which turns the executable bits of `bin/tool*`.
struct Stage {
    _cloud: Cloud,
    naru: Naru,
    root: tempfile::TempDir,
}

impl Stage {
    fn set() -> Self {
        let root = scratch();
        let cloud = Cloud::start(&root.path().join("cloud"));
        let naru = cloud.naru(&root.path().join("home"));
        let stage = Self { _cloud: cloud, naru, root };
        stage.publish(&release(), "build-1");
        Outcome::of(&mut stage.naru.update(&stage.install())).succeeded();
        stage.publish(&next_release(), "build-2");
        stage
    }

    fn publish(&self, tree: &Tree, name: &str) {
        let build = self.root.path().join(name);
        tree.write_to(&build);
        Outcome::of(&mut self.naru.publish(&build)).succeeded();
    }

    fn install(&self) -> PathBuf {
        self.root.path().join("install")
    }
}

/// The same command under another program.
fn under(program: &str, arguments: &[&str], command: &Command) -> Command {
    let mut outer = Command::new(program);
    outer.args(arguments).arg(command.get_program()).args(command.get_args()).env_clear();
    outer.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    outer.env("PATH", "/usr/bin:/bin").current_dir(command.get_current_dir().unwrap());
    outer
}

fn is_here(program: &str) -> bool {
    let is_here = Command::new(program).arg("--version").output().is_ok();
    if !is_here {
        println!("SKIPPED: there is no {program}");
    }
    is_here
}

#[test]
fn a_refused_chmod_stops_no_install() {
    if !is_here("strace") {
        return;
    }
    let stage = Stage::set();
    for errno in ["EPERM", "EACCES", "ENOSYS", "EOPNOTSUPP", "EINVAL"] {
        let install = stage.root.path().join(errno);
        let inject = format!("inject=chmod,fchmod,fchmodat:error={errno}");
        let arguments = ["-f", "-qq", "-o", "/dev/null", "-e", "trace=chmod,fchmod,fchmodat", "-e", &inject];
        let refused = |command: Command| Outcome::of(&mut under("strace", &arguments, &command));
        refused(stage.naru.update(&install)).succeeded();
        assert_eq!(
            bytes(game_files(&install)),
            bytes(next_release().snapshot()),
            "{errno}: all is installed"
        );
        let verified = refused(stage.naru.verify(&install));
        assert_eq!(verified.exit, Some(0), "{errno}: nothing could set the bit: {verified:?}");
        let again = refused(stage.naru.update(&install));
        assert_eq!(again.succeeded()["updated"], false, "{errno}: there is nothing that an update could do");
    }
}

#[test]
fn a_mode_that_is_refused_after_the_journal_is_told_and_holds_nothing_up() {
    if !is_here("strace") {
        return;
    }
    let stage = Stage::set();
    let tool = stage.install().join("bin/tool0");
    let arguments = ["-f", "-qq", "-o", "/dev/null", "-P", tool.to_str().unwrap()];
    // It can't be opened either, so that no copy can take its place.
    let inject = ["-e", "inject=chmod,fchmodat,openat:error=EPERM"];
    let update = under("strace", &[&arguments[..], &inject].concat(), &stage.naru.update(&stage.install()));
    let output = { update }.output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Outcome::read(output.status.code(), &lines, "").succeeded();
    assert!(lines.contains("\"mode-refused\"") && lines.contains("bin/tool0"), "it is told: {lines}");
    assert_eq!(bytes(game_files(&stage.install())), bytes(next_release().snapshot()), "all bytes are there");
    let verified = Outcome::of(&mut stage.naru.verify(&stage.install()));
    assert_eq!(verified.exit, Some(15), "this file system holds modes: {verified:?}");
    Outcome::of(&mut stage.naru.update(&stage.install())).succeeded();
    assert_eq!(game_files(&stage.install()), next_release().snapshot(), "the next run sets it");
}

#[test]
fn a_file_of_another_user_gets_its_mode_by_being_replaced() {
    let stage = Stage::set();
    let nobody = 65_534;
    let own = |place: &Path| chown(place, Some(nobody), Some(nobody)).is_ok();
    let folders = [stage.root.path().to_path_buf(), stage.root.path().join("home"), stage.install()];
    let all = folders.iter().all(|folder| own(folder)) && own_below(&stage.install(), &own);
    let as_nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    if !all
        || !under("setpriv", &as_nobody, &stage.naru.command(&["--version"]))
            .output()
            .is_ok_and(|output| output.status.success())
    {
        println!("SKIPPED: files can't be given away here, or there is no setpriv");
        return;
    }
    let tool = stage.install().join("bin/tool0");
    chown(&tool, Some(0), Some(0)).unwrap();
    Outcome::of(&mut under("setpriv", &as_nobody, &stage.naru.update(&stage.install()))).succeeded();
    assert_eq!(game_files(&stage.install()), next_release().snapshot(), "modes included");
    assert_eq!(std::fs::metadata(&tool).unwrap().uid(), nobody, "it is a copy in a folder of ours");
}

/// Gives away all that is in a folder.
fn own_below(folder: &Path, own: &dyn Fn(&Path) -> bool) -> bool {
    std::fs::read_dir(folder).unwrap().all(|entry| {
        let entry = entry.unwrap();
        own(&entry.path()) && (!entry.file_type().unwrap().is_dir() || own_below(&entry.path(), own))
    })
}

#[test]
fn a_wrong_mode_is_still_a_difference_where_modes_are_held() {
    let stage = Stage::set();
    let install = stage.install();
    Outcome::of(&mut stage.naru.update(&install)).succeeded();
    std::fs::set_permissions(install.join("world.pak"), PermissionsExt::from_mode(0o755)).unwrap();
    let verified = Outcome::of(&mut stage.naru.verify(&install));
    assert_eq!(verified.exit, Some(15), "the probe must not accept everything: {verified:?}");
    let mut repair = stage.naru.command(&["repair", "--install", install.to_str().unwrap()]);
    Outcome::of(&mut repair).succeeded();
    assert_eq!(game_files(&install), next_release().snapshot(), "and it is repaired");
}
