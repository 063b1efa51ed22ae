//! Whatever the network does, an update ends with a typed error or with the whole release.

#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use naru_testkit::{ChaosProxy, Entry, Fault, Nth, Rule};
use naru_tests::{
    Cloud, Naru, Outcome, assert_same, copy_folder, game_files, next_release, release, scratch,
};

/// What one faulty network does to an update.
struct Case {
    name: &'static str,
    rules: Vec<Rule>,
    /// Exit code and code of the error; `None` where the update heals itself.
    fails: Option<(i32, &'static str)>,
}

fn case(name: &'static str, rules: Vec<Rule>, fails: Option<(i32, &'static str)>) -> Case {
    Case { name, rules, fails }
}

/// A file of which pieces are fetched, by range.
const PARTLY: &str = "world.pak";
/// A file that is fetched as a whole.
const WHOLE: &str = "voices.pak";
const SMALL: &str = "edited/7.json";
const POINTER: &str = "version.json";

fn once(part: &str, fault: Fault) -> Vec<Rule> {
    vec![Rule::new(part, Nth::Only(1), fault)]
}

fn always(part: &str, fault: Fault) -> Vec<Rule> {
    vec![Rule::new(part, Nth::Every, fault)]
}

fn retry_after(seconds: u32) -> Fault {
    Fault::Status(503, vec![("Retry-After", seconds.to_string())])
}

fn portal() -> Fault {
    let page = "<html><body>Welcome to the hotel. Please log in.</body></html>";
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", page.len());
    Fault::Raw(format!("{head}{page}").into_bytes().into())
}

const UNREACHABLE: Option<(i32, &str)> = Some((8, "unreachable"));
const CORRUPT: Option<(i32, &str)> = Some((9, "corrupt"));
const BAD_FORMAT: Option<(i32, &str)> = Some((10, "bad-format"));
const NOT_FOUND: Option<(i32, &str)> = Some((7, "not-found"));

fn cases() -> Vec<Case> {
    vec![
        case("reset in mid-body, once", once(WHOLE, Fault::ResetAfter(700_000)), None),
        case("reset at once, always", always(WHOLE, Fault::ResetAfter(0)), UNREACHABLE),
        case("truncated, once", once(WHOLE, Fault::TruncateAfter(1_500_000)), None),
        case("truncated small file, once", once(SMALL, Fault::TruncateAfter(3)), None),
        case("truncated at once, always", always(WHOLE, Fault::TruncateAfter(0)), UNREACHABLE),
        case("a flipped byte, once", once(WHOLE, Fault::FlipByte(1_200_000)), None),
        case("a flipped byte in a small file, once", once(SMALL, Fault::FlipByte(0)), None),
        case("a flipped byte, always", always(SMALL, Fault::FlipByte(0)), CORRUPT),
        case("bytes that come twice, always", always(WHOLE, Fault::RepeatFirst(100)), CORRUPT),
        case("swapped halves, once", once(PARTLY, Fault::SwapHalves), None),
        case("another range, once", once(PARTLY, Fault::OtherRange(1)), None),
        case("another range, always", always(PARTLY, Fault::OtherRange(1)), CORRUPT),
        case("another range under the right name, once", once(PARTLY, Fault::LyingRange(1)), None),
        case("another range under the right name, always", always(PARTLY, Fault::LyingRange(1)), CORRUPT),
        case("200 for a range, once", once(PARTLY, Fault::IgnoreRange), None),
        case("200 for a range, always", always(PARTLY, Fault::IgnoreRange), CORRUPT),
        case("too short a length, always", always(WHOLE, Fault::LengthOff(-1)), CORRUPT),
        case("404 for one file", always(SMALL, Fault::Status(404, vec![])), NOT_FOUND),
        case("403 for one file", always(SMALL, Fault::Status(403, vec![])), Some((6, "denied"))),
        case("503 for the pointer, once", once(POINTER, retry_after(1)), None),
        case("503 for a file, once", once(SMALL, retry_after(1)), None),
        case("503 for the pointer, always", always(POINTER, retry_after(0)), UNREACHABLE),
        case("503 for a file, always", always(SMALL, retry_after(0)), UNREACHABLE),
        case("a stall in mid-body, once", once(WHOLE, Fault::Stall(300_000)), None),
        case("a login page for the pointer", always(POINTER, portal()), BAD_FORMAT),
        case("a login page for a file", always(WHOLE, portal()), CORRUPT),
        case("a login page for everything, once", once("/", portal()), BAD_FORMAT),
        case("an endless pointer", always(POINTER, Fault::Endless), CORRUPT),
        case("an endless head", always(POINTER, Fault::HeaderFlood), CORRUPT),
        case("a flipped byte in the manifest", always("/manifest", Fault::FlipByte(20)), BAD_FORMAT),
        case("every request is lost", always("/", Fault::DropRequest), UNREACHABLE),
    ]
}

/// Release 1 and release 2 installed, release 2 published.
struct Stage {
    cloud: Cloud,
    root: PathBuf,
    old: Vec<Entry>,
    old_pointer: Vec<u8>,
    new: Vec<Entry>,
}

impl Stage {
    fn set(root: &Path) -> Self {
        let cloud = Cloud::start(&root.join("cloud"));
        let naru = cloud.naru(&root.join("home"));
        let (old, new) = (release(), next_release());
        let mut pointers = Vec::new();
        for (tree, build, install) in [(&old, "build-1", "installed-1"), (&new, "build-2", "installed-2")] {
            tree.write_to(&root.join(build));
            Outcome::of(&mut naru.publish(&root.join(build))).succeeded();
            Outcome::of(&mut naru.update(&root.join(install))).succeeded();
            pointers.push(cloud.read("update/version.json"));
        }
        let (old, new) = (old.snapshot(), new.snapshot());
        Self { cloud, root: root.to_path_buf(), old, old_pointer: pointers.swap_remove(0), new }
    }

    /// A copy of an install folder, and a `naru` behind a proxy.
    fn open(&self, number: usize, from: &str) -> (PathBuf, ChaosProxy, Naru) {
        let place = self.root.join(format!("case-{number}"));
        std::fs::create_dir_all(&place).unwrap();
        copy_folder(&self.root.join(from), &place.join("install"));
        let proxy = self.cloud.edge_proxy();
        let naru = self.cloud.naru(&place.join("home")).with("NARU_EDGE_URL", &proxy.url());
        (place.join("install"), proxy, naru)
    }

    fn check_refused(&self, install: &Path, outcome: &Outcome, fails: (i32, &str), at: &str) {
        assert_eq!((outcome.exit, outcome.code()), (Some(fails.0), fails.1), "{at}: {outcome:?}");
        assert_eq!(outcome.last["changed"], false, "{at}: {outcome:?}");
        assert!(!install.join(".naru/journal").exists(), "{at}: nothing is begun that can't be finished");
        assert_same(&game_files(install), &self.old, "the old version stays as it was", at);
    }

    fn check_finished(&self, install: &Path, outcome: &Outcome, at: &str) {
        assert_eq!(outcome.exit, Some(0), "{at}: {outcome:?}");
        assert_eq!(outcome.number("to"), 2, "{at}");
        assert_same(&game_files(install), &self.new, "every byte is the release's", at);
    }

    fn play(&self, number: usize, case: &Case) -> Duration {
        let (install, proxy, naru) = self.open(number, "installed-1");
        case.rules.iter().for_each(|rule| proxy.inject(rule.clone()));
        let begun = Instant::now();
        let outcome = Outcome::of(&mut naru.update(&install));
        let time = begun.elapsed();
        assert!(proxy.seen().iter().any(|seen| seen.fault.is_some()), "{}: no fault was met", case.name);
        match case.fails {
            None => self.check_finished(&install, &outcome, case.name),
            Some(fails) => {
                self.check_refused(&install, &outcome, fails, case.name);
                proxy.clear();
                let outcome = Outcome::of(&mut naru.update(&install));
                self.check_finished(&install, &outcome, case.name);
            }
        }
        time
    }
}

#[test]
fn every_fault_on_the_wire_is_healed_or_named_and_the_old_version_stays() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let cases = cases();
    // Most of their time passes in waits between tries.
    std::thread::scope(|scope| {
        for (number, case) in cases.iter().enumerate() {
            let stage = &stage;
            scope.spawn(move || {
                let time = stage.play(number, case);
                println!("{:>5.1} s  {}", time.as_secs_f64(), case.name);
            });
        }
    });
    println!("counted wire: {} faults, 0 damaged", cases.len());
}

#[test]
fn a_server_that_goes_away_in_the_middle_leaves_what_came_for_the_next_run() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let (install, proxy, naru) = stage.open(0, "installed-1");
    let mut command = naru.update(&install);
    let running = std::thread::spawn(move || Outcome::of(&mut command));
    while proxy.count("GET", "edited/") < 40 {
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(proxy);
    let outcome = running.join().unwrap();
    stage.check_refused(&install, &outcome, (8, "unreachable"), "the server is gone");
    let naru = stage.cloud.naru(root.path());
    let outcome = Outcome::of(&mut naru.update(&install));
    stage.check_finished(&install, &outcome, "the server is back");
    assert!(outcome.number("resumed_bytes") > 0, "what had come is not fetched again: {outcome:?}");
}

#[test]
fn an_older_pointer_is_refused() {
    let root = scratch();
    let stage = Stage::set(root.path());
    let (install, proxy, naru) = stage.open(0, "installed-2");
    // As an edge far away may still have it.
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", stage.old_pointer.len());
    let mut answer = answer.into_bytes();
    answer.extend_from_slice(&stage.old_pointer);
    proxy.inject(Rule::new(POINTER, Nth::Every, Fault::Raw(answer.into())));
    let outcome = Outcome::of(&mut naru.update(&install));
    assert_eq!((outcome.exit, outcome.code()), (Some(11), "older-release"), "{outcome:?}");
    assert_same(&game_files(&install), &stage.new, "no player goes back to an older release", "older");
    proxy.clear();
    let outcome = Outcome::of(&mut naru.update(&install));
    assert_eq!(outcome.succeeded()["updated"], false, "it is up to date again");
}
