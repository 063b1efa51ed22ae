//! `naru publish`.

use std::path::{Path, PathBuf};

use naru_testkit::Entry;
use naru_tests::tracer::{Ended, Run, Scope, Strike, Traced};
use naru_tests::{
    Cloud, Count, Naru, Outcome, Settings, assert_same, copy_folder, game_files, in_parallel, install_2017,
    next_release, release, scratch,
};
use nix::sys::signal::Signal;

/// Points of the bounded run.
const BOUNDED: u64 = 8;

/// The last calls, from the file list over the pointer to the invalidation.
const TAIL: u64 = 16;

/// Parallel uploads. A kill may lose, apart from 1 %, what is in progress: one large
/// file (all of them fit into one part of an upload) and small ones.
const UPLOADS: u64 = 16;

/// The largest of the small files.
const SMALL: u64 = 30_000;

/// Heads of the requests that check what already exists: about 1 KiB for each file.
const HEADS: u64 = 256 * 1024;

/// Release 1 in a bucket, release 2 as a build folder.
struct Stage {
    bucket: PathBuf,
    build: PathBuf,
    old: Vec<Entry>,
    new: Vec<Entry>,
    in_flight: u64,
}

impl Stage {
    fn set(root: &Path) -> Self {
        let (bucket, build) = (root.join("bucket-1"), root.join("build-2"));
        let (old, new) = (release(), next_release());
        old.write_to(&root.join("build-1"));
        new.write_to(&build);
        let cloud = Cloud::start(&bucket);
        Outcome::of(&mut cloud.naru(&root.join("home")).publish(&root.join("build-1"))).succeeded();
        let sizes = new.files.values().map(|file| file.bytes.len() as u64);
        let in_flight = sizes.max().unwrap() + (UPLOADS - 1) * SMALL;
        Self { bucket, build, old: old.snapshot(), new: new.snapshot(), in_flight }
    }

    /// A cloud on a fresh copy of the bucket with release 1.
    fn cloud(&self, place: &Path) -> Cloud {
        let data = place.join("bucket");
        std::fs::remove_dir_all(&data).ok();
        copy_folder(&self.bucket, &data);
        Cloud::start(&data)
    }
}

fn publish(naru: &Naru, build: &Path, output: &Path, strike: Strike) -> Traced {
    std::fs::create_dir_all(output).unwrap();
    let command = naru.publish(build);
    Run { command: &command, output: output.to_path_buf(), scope: Scope::FilesAndNetwork, strike }.run()
}

#[derive(Default)]
struct Counts {
    old: Count,
    new: Count,
    again: Count,
}

#[test]
fn a_publish_killed_at_any_call_shows_a_whole_release_and_is_finished_by_the_next() {
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = Stage::set(root.path());
    let cloud = stage.cloud(root.path());
    let naru = cloud.naru(&root.path().join("home-0"));
    let whole = publish(&naru, &stage.build, &root.path().join("out"), Strike::Never);
    assert_eq!(whole.ended, Ended::Exit(0), "{}{}", whole.stdout, whole.stderr);
    let (calls, total) = (whole.calls.len() as u64, whole.sent);
    drop(cloud);
    let points = settings.with_tail(settings.points(calls + calls / 20, BOUNDED), calls, TAIL);

    let counts = Counts::default();
    // Most of a publish is waiting for the edge.
    in_parallel(&points, 3, |thread, point| {
        let place = root.path().join(format!("thread-{thread}"));
        std::fs::create_dir_all(&place).unwrap();
        // A new home each time: a run must not find the scan of another one.
        std::fs::remove_dir_all(place.join("home")).ok();
        let cloud = stage.cloud(&place);
        let naru = cloud.naru(&place.join("home"));
        Point { stage: &stage, cloud, naru, place, total, counts: &counts }.strike(*point);
    });
    println!(
        "counted publish: {calls} mutating and sending calls, {} points, {} killed ({} left release 1 live, {} \
         release 2); at most {} of {total} bytes (heads of requests included) sent again; 0 mixed releases",
        points.len(),
        counts.old.get() + counts.new.get(),
        counts.old.get(),
        counts.new.get(),
        counts.again.get(),
    );
    assert!(counts.old.get() > 0, "the points must reach the time before the pointer is written");
}

/// One kill and everything that must hold after it.
struct Point<'a> {
    stage: &'a Stage,
    cloud: Cloud,
    naru: Naru,
    place: PathBuf,
    total: u64,
    counts: &'a Counts,
}

impl Point<'_> {
    fn strike(&self, point: u64) {
        let killed = publish(&self.naru, &self.stage.build, &self.place, Strike::Kill(point));
        if killed.struck.is_none() {
            // A run need not make exactly as many calls as the one that was counted.
            assert_eq!(killed.ended, Ended::Exit(0), "point {point}: {}", killed.stdout);
            return;
        }
        assert_eq!(killed.ended, Ended::Signal(Signal::SIGKILL), "point {point}");
        let at = format!("point {point}, before {:?}", killed.struck);
        let number = self.install("first", &at);
        match number {
            1 => self.counts.old.one(),
            _ => self.counts.new.one(),
        }
        self.finish(&at, killed.sent);
    }

    /// What a new player gets: one of the two releases, whole.
    fn install(&self, name: &str, at: &str) -> u64 {
        let folder = self.place.join(name);
        std::fs::remove_dir_all(&folder).ok();
        let outcome = Outcome::of(&mut self.naru.update(&folder));
        outcome.succeeded();
        let number = outcome.number("to");
        let wanted = match number {
            1 => &self.stage.old,
            2 => &self.stage.new,
            other => panic!("{at}: release {other}"),
        };
        assert_same(&game_files(&folder), wanted, "a release is live as a whole or not at all", at);
        number
    }

    fn finish(&self, at: &str, sent: u64) {
        let rerun = publish(&self.naru, &self.stage.build, &self.place, Strike::Never);
        assert_eq!(rerun.ended, Ended::Exit(0), "{at}: {}", rerun.stdout);
        let outcome = Outcome::read(Some(0), &rerun.stdout, &rerun.stderr);
        assert_eq!(outcome.number("number"), 2, "{at}: no release is skipped or made twice: {outcome:?}");
        assert_eq!(self.install("second", at), 2, "{at}: the next run publishes");
        self.check_list(at);
        self.check_2017(at);
        let again = (sent + rerun.sent).saturating_sub(self.total);
        self.counts.again.most(again);
        let allowed = self.total / 100 + self.stage.in_flight + HEADS;
        assert!(again <= allowed, "{at}: {again} bytes were sent again, {allowed} are allowed");
    }

    fn check_list(&self, at: &str) {
        let outcome = self.naru.run(&["releases"]);
        let numbers = outcome.succeeded()["releases"].as_array().unwrap().iter();
        let numbers: Vec<_> = numbers.filter_map(|release| release["number"].as_u64()).collect();
        assert_eq!(numbers, [2, 1], "{at}: every release is listed once");
    }

    fn check_2017(&self, at: &str) {
        let folder = self.place.join("2017");
        std::fs::remove_dir_all(&folder).ok();
        let edge = self.cloud.edge();
        let number = self.cloud.runtime().block_on(install_2017(&*edge, "update", &folder));
        assert_eq!(number, 2, "{at}");
        let without_bits = |entries: &[Entry]| {
            entries.iter().map(|entry| Entry { executable: false, ..entry.clone() }).collect::<Vec<_>>()
        };
        let (found, wanted) = (naru_testkit::snapshot(&folder), without_bits(&self.stage.new));
        assert_same(&found, &wanted, "a 2017 client gets the same files", at);
    }
}
