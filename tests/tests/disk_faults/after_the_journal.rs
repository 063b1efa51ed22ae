//! Calls that fail after the journal, once or for ever: the commit ends in any case, and whatever is
//! not the release is named.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use naru_patcher::{GameFiles, InstallFolder};
use naru_testkit::Entry;
use naru_tests::tracer::{Call, Ended, Run, Scope, Strike, Traced};
use naru_tests::{
    Count, Naru, Outcome, Settings, assert_same, game_files, in_parallel, next_small_release, own_files,
    scratch, small_release,
};
use nix::errno::Errno;

use super::stage::Stage;

/// Points of the bounded run, for each way to fail.
const BOUNDED: u64 = 4;

const ERRNOS: [Errno; 5] = [Errno::ENOSPC, Errno::EIO, Errno::EXDEV, Errno::EACCES, Errno::EROFS];

/// From here on every call may fail.
const JOURNAL: &str = "/.naru/journal";

#[test]
fn whatever_fails_after_the_journal_the_commit_ends_and_the_game_starts() {
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = Stage::of(root.path(), &small_release(), &next_small_release());
    let calls = calls_after_journal(&stage, root.path());
    let mut strikes = Vec::new();
    for errno in ERRNOS {
        let points = settings.points(calls, BOUNDED);
        strikes.extend(points.iter().map(|at| Strike::Fail(*at, errno)));
        strikes.extend(points.iter().map(|at| Strike::FailAlike(*at, errno)));
        strikes.extend(points.iter().map(|at| Strike::FailFrom(*at, errno)));
    }
    let counts = Counts::default();
    in_parallel(&strikes, 2, |thread, strike| {
        let place = root.path().join(format!("thread-{thread}"));
        let naru = stage.cloud.naru(&place.join("home"));
        Point { stage: &stage, naru, place, counts: &counts }.strike(*strike);
    });
    println!(
        "counted failures after the journal: {calls} mutating calls, {} failures struck: {} made no difference, {} \
         left the old release, {} were finished by the next run, {} ended with named files set aside; 0 damaged, 0 panics",
        counts.all(),
        counts.harmless.get(),
        counts.withdrawn.get(),
        counts.finished.get(),
        counts.aside.get(),
    );
    assert!(counts.all() > 0, "with no call struck, nothing was tried");
}

fn calls_after_journal(stage: &Stage, place: &Path) -> u64 {
    let naru = stage.cloud.naru(&place.join("home"));
    let whole = traced(&naru.update(&stage.copy(place)), place, Strike::Never, None);
    assert_eq!(whole.ended, Ended::Exit(0), "{}", whole.stdout);
    let journal =
        whole.calls.iter().position(|call| call.name.starts_with("rename") && call.target.ends_with(JOURNAL));
    let after = &whole.calls[journal.expect("a journal is put in place") + 1..];
    let allocating =
        ["openat", "creat", "mkdir", "mkdirat", "link", "linkat", "write", "pwrite64", "fallocate"];
    let made: Vec<&Call> = after.iter().filter(|call| allocating.contains(&call.name)).collect();
    assert!(made.is_empty(), "nothing is made or written after the point of no return: {made:?}");
    after.len() as u64
}

fn traced(
    command: &std::process::Command,
    place: &Path,
    strike: Strike,
    lasting: Option<(Call, Errno)>,
) -> Traced {
    let run = Run { command, output: place.to_path_buf(), scope: Scope::Files, strike };
    run.run_since(Some(JOURNAL), lasting)
}

/// The folders that the commit will make are listed here first.
const LIST: &str = "/.naru/folders/made";

#[test]
fn folders_that_were_made_in_advance_are_taken_back() {
    let root = scratch();
    let stage = Stage::of(root.path(), &small_release(), &next_small_release());
    let naru = stage.cloud.naru(&root.path().join("home"));
    let strike = |install: &Path, strike| {
        let command = naru.update(install);
        let run = Run { command: &command, output: root.path().to_path_buf(), scope: Scope::Files, strike };
        run.run_since(Some(LIST), None)
    };
    let whole = strike(&stage.copy(root.path()), Strike::Never);
    let place =
        |path: &str| whole.calls.iter().position(|call| call.target.contains(path)).expect("is called");
    let listed =
        whole.calls.iter().position(|call| call.name.starts_with("rename") && call.target.ends_with(LIST));
    let journal = place(JOURNAL) - listed.expect("folders are listed");
    let install = stage.copy(root.path());
    let killed = strike(&install, Strike::Kill(journal as u64));
    assert!(killed.struck.is_some_and(|call| call.target.contains(JOURNAL)), "killed before the journal");
    assert!(install.join("added/새 폴더").is_dir(), "they are made before the journal");
    assert_same(&game_files(&install), &stage.old, "but no file is touched", "killed");
    let verified = Outcome::of(&mut naru.verify(&install));
    assert_eq!(verified.exit, Some(0), "{verified:?}");
    assert!(!install.join("added").exists(), "the next command of any kind takes them back");
    stage.check_finishes(&naru, &install, "and the next update makes them again");
}

#[derive(Default)]
struct Counts {
    harmless: Count,
    withdrawn: Count,
    finished: Count,
    aside: Count,
}

impl Counts {
    fn all(&self) -> u64 {
        self.harmless.get() + self.withdrawn.get() + self.finished.get() + self.aside.get()
    }
}

struct Point<'a> {
    stage: &'a Stage,
    naru: Naru,
    place: PathBuf,
    counts: &'a Counts,
}

impl Point<'_> {
    fn strike(&self, strike: Strike) {
        let install = self.stage.copy(&self.place);
        let struck = traced(&self.naru.update(&install), &self.place, strike, None);
        let Some(call) = &struck.struck else { return };
        let at = format!("{strike:?} at {call:?}");
        let outcome = typed(&struck, &at);
        if outcome.exit == Some(0) {
            self.counts.harmless.one();
            assert_same(&game_files(&install), &self.stage.new, "who says done has done it", &at);
            return self.check_nothing_is_left(&install, &at);
        }
        let status = InstallFolder::new(&install).status().unwrap();
        if !status.interrupted && status.installed == Some(1) {
            self.counts.withdrawn.one();
            assert_same(
                &game_files(&install),
                &self.stage.old,
                "a journal is withdrawn before a change",
                &at,
            );
            return self.stage.check_finishes(&self.naru, &install, &at);
        }
        // What a player does next: the launcher finishes the commit before the game starts. A fault that
        // lasts is still there.
        let lasting = match strike {
            Strike::FailAlike(_, errno) => Some((call.clone(), errno)),
            _ => None,
        };
        let next = traced(&self.naru.verify(&install), &self.place, Strike::Never, lasting);
        let at = format!("{at}, first {:?}, then {}{}", outcome.last, next.stdout, next.stderr);
        self.check_ended(&install, &typed(&next, &at), &at);
        self.check_mended(&install, &at);
    }

    /// The commit has ended, with or without named files.
    fn check_ended(&self, install: &Path, next: &Outcome, at: &str) {
        let status = InstallFolder::new(install).status().unwrap();
        assert!(!status.interrupted, "{at}: no journal stays for ever");
        assert_eq!(status.installed, Some(2), "{at}");
        let named: BTreeSet<&str> = next.set_aside.iter().map(String::as_str).collect();
        if named.is_empty() {
            self.counts.finished.one()
        } else {
            self.counts.aside.one()
        }
        let found = game_files(install);
        let differs = |entry: &&Entry| !self.stage.new.contains(entry);
        for entry in found.iter().filter(differs) {
            let is_named = named.iter().any(|name| entry.path == *name || beside(&entry.path, name));
            assert!(is_named, "{at}: {} is not the release's, and no warning names it", entry.path);
        }
        for entry in self.stage.new.iter().filter(|entry| !found.contains(entry)) {
            assert!(
                named.contains(entry.path.as_str()),
                "{at}: {} is missing, and no warning names it",
                entry.path
            );
        }
        let game =
            GameFiles::open(install).unwrap_or_else(|error| panic!("{at}: the game starts: {error:?}"));
        for entry in self.stage.new.iter().filter(|entry| !named.contains(entry.path.as_str())) {
            let read = game.read(&entry.path);
            assert!(read.is_ok(), "{at}: the game gets what is in place: {read:?}");
        }
    }

    /// The fault is over: a repair brings what was set aside.
    fn check_mended(&self, install: &Path, at: &str) {
        Outcome::of(&mut self.naru.repair(install)).succeeded();
        assert_same(&game_files(install), &self.stage.new, "a repair ends it", at);
        self.check_nothing_is_left(install, at);
    }

    fn check_nothing_is_left(&self, install: &Path, at: &str) {
        let verified = Outcome::of(&mut self.naru.verify(install));
        assert_eq!(verified.exit, Some(0), "{at}: {verified:?}");
        let again = Outcome::of(&mut self.naru.update(install));
        assert_eq!(again.exit, Some(0), "{at}: {again:?}");
        assert_eq!(own_files(install), [".naru/filedb.db", ".naru/lock"], "{at}: nothing is left over");
    }
}

/// Whether a path is the older version of a named file: its folder or the file itself was moved aside.
fn beside(path: &str, name: &str) -> bool {
    path.split('/').zip(name.split('/')).any(|(one, other)| one == format!("{other}.old"))
}

fn typed(run: &Traced, at: &str) -> Outcome {
    let Ended::Exit(exit) = run.ended else { panic!("{at}: {:?}", run.ended) };
    let outcome = Outcome::read(Some(exit), &run.stdout, &run.stderr);
    let is_typed = exit == 0 || !outcome.last.is_null();
    assert!(is_typed && exit != 101, "{at}: a script must know what to do: {outcome:?}");
    outcome
}
