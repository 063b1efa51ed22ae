//! `naru update`.

use std::path::{Path, PathBuf};

use naru_patcher::InstallFolder;
use naru_testkit::{Entry, Tree};
use naru_tests::tracer::{Ended, Run, Scope, Strike, Traced};
use naru_tests::{
    Cloud, Count, Naru, Outcome, Settings, assert_same, copy_folder, game_files, in_parallel, next_release,
    own_files, release, scratch,
};
use nix::sys::signal::Signal;

/// What may be fetched again: 1 % and one piece.
const PIECE: u64 = 1 << 20;

/// Points of the bounded run.
const BOUNDED: u64 = 40;

/// Release 1 installed, release 2 published.
struct Stage {
    cloud: Cloud,
    installed: PathBuf,
    old: Vec<Entry>,
    new: Vec<Entry>,
}

impl Stage {
    fn set(root: &Path) -> Self {
        let cloud = Cloud::start(&root.join("cloud"));
        let naru = cloud.naru(&root.join("home"));
        let (old, new) = (release(), next_release());
        publish(&naru, &root.join("build-1"), &old);
        let installed = root.join("installed");
        Outcome::of(&mut naru.update(&installed)).succeeded();
        publish(&naru, &root.join("build-2"), &new);
        Self { cloud, installed, old: old.snapshot(), new: new.snapshot() }
    }

    /// A fresh copy of the folder with release 1.
    fn copy(&self, root: &Path, name: &str) -> PathBuf {
        let copy = root.join(name);
        std::fs::remove_dir_all(&copy).ok();
        copy_folder(&self.installed, &copy);
        copy
    }
}

fn publish(naru: &Naru, build: &Path, tree: &Tree) {
    tree.write_to(build);
    Outcome::of(&mut naru.publish(build)).succeeded();
}

fn update(naru: &Naru, install: &Path, output: &Path, strike: Strike) -> Traced {
    std::fs::create_dir_all(output).unwrap();
    let command = naru.update(install);
    Run { command: &command, output: output.to_path_buf(), scope: Scope::Files, strike }.run()
}

#[test]
fn an_update_killed_at_any_call_leaves_a_whole_tree_and_is_finished_by_the_next() {
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = Stage::set(root.path());
    let naru = stage.cloud.naru(&root.path().join("home"));

    let whole = update(&naru, &stage.copy(root.path(), "whole"), &root.path().join("out"), Strike::Never);
    assert_eq!(whole.ended, Ended::Exit(0), "{}{}", whole.stdout, whole.stderr);
    let calls = whole.calls.len() as u64;
    let total = Outcome::read(Some(0), &whole.stdout, "").number("downloaded_bytes");
    let mut points = settings.points(calls + calls / 20, BOUNDED);
    // The point of no return is always among them, although runs differ by a few calls.
    let journal = whole.calls.iter().position(|call| call.target.contains("/.naru/journal"));
    let journal = journal.expect("a journal is written") as u64;
    points.extend(journal - 2..journal + 6);

    let counts = Counts::default();
    in_parallel(&points, 1, |thread, point| {
        let place = root.path().join(format!("thread-{thread}"));
        std::fs::create_dir_all(&place).unwrap();
        Point { stage: &stage, naru: stage.cloud.naru(&place.join("home")), place, total, counts: &counts }
            .strike(*point);
    });
    println!(
        "counted update: {calls} mutating calls, {} points, {} killed ({} before the journal, {} after it, {} after \
         the end), {} killed once more while recovering; at most {} of {total} bytes fetched again; 0 damaged",
        points.len(),
        counts.killed(),
        counts.before.get(),
        counts.midway.get(),
        counts.after.get(),
        counts.twice.get(),
        counts.again.get(),
    );
    assert!(counts.before.get() > 0 && counts.midway.get() > 0, "the points must reach both sides");
}

#[derive(Default)]
struct Counts {
    before: Count,
    midway: Count,
    after: Count,
    twice: Count,
    again: Count,
}

impl Counts {
    fn killed(&self) -> u64 {
        self.before.get() + self.midway.get() + self.after.get()
    }
}

/// One kill and everything that must hold after it.
struct Point<'a> {
    stage: &'a Stage,
    naru: Naru,
    place: PathBuf,
    total: u64,
    counts: &'a Counts,
}

impl Point<'_> {
    fn strike(&self, point: u64) {
        let install = self.stage.copy(&self.place, "install");
        let killed = update(&self.naru, &install, &self.place, Strike::Kill(point));
        if killed.struck.is_none() {
            // A run need not make exactly as many calls as the one that was counted.
            assert_eq!(killed.ended, Ended::Exit(0), "point {point}: {}", killed.stdout);
            return;
        }
        assert_eq!(killed.ended, Ended::Signal(Signal::SIGKILL), "point {point}");
        let at = format!("point {point}, before {:?}", killed.struck);
        self.check_the_killed(&install, &at);
        let mut received = killed.received;
        let mut kills = 1;
        if point.is_multiple_of(4) {
            received += self.strike_again(&install, point, &mut kills);
        }
        self.finish(&install, &at, received, kills);
    }

    /// Straight after the kill: the old release, or a journal that finishes the new one.
    fn check_the_killed(&self, install: &Path, at: &str) {
        if install.join(".naru/journal").exists() {
            return self.counts.midway.one();
        }
        let files = game_files(install);
        let installed = InstallFolder::new(install).status().unwrap().installed;
        match installed {
            Some(1) => {
                self.counts.before.one();
                assert_same(&files, &self.stage.old, "the old release is untouched until the journal", at);
            }
            _ => {
                self.counts.after.one();
                assert_eq!(installed, Some(2), "{at}");
                assert_same(&files, &self.stage.new, "the journal goes only when all is in place", at);
            }
        }
    }

    /// Kills the run that recovers, too.
    fn strike_again(&self, install: &Path, point: u64, kills: &mut u64) -> u64 {
        let again = update(&self.naru, install, &self.place, Strike::Kill(1 + point * 7 % 199));
        if again.struck.is_some() {
            self.counts.twice.one();
            *kills += 1;
        }
        again.received
    }

    fn finish(&self, install: &Path, at: &str, received: u64, kills: u64) {
        let outcome = Outcome::of(&mut self.naru.update(install));
        outcome.succeeded();
        assert_eq!(outcome.number("to"), 2, "{at}: {outcome:?}");
        assert_same(&game_files(install), &self.stage.new, "the next run installs release 2", at);
        let verified = Outcome::of(&mut self.naru.verify(install));
        assert_eq!(verified.succeeded()["wounds"].as_array().map(Vec::len), Some(0), "{at}: {verified:?}");
        let own = own_files(install);
        assert_eq!(own, [".naru/filedb.db", ".naru/lock"], "{at}: stage and journal are used up");
        let again = (received + outcome.number("downloaded_bytes")).saturating_sub(self.total);
        self.counts.again.most(again / kills);
        let allowed = (self.total / 100 + PIECE) * kills;
        assert!(again <= allowed, "{at}: {again} bytes were fetched again, {allowed} are allowed");
    }
}
