//! Single system calls that fail.

use std::path::{Path, PathBuf};

use naru_tests::tracer::{Call, Ended, Run, Scope, Strike, Traced};
use naru_tests::{
    Count, Outcome, Settings, assert_same, game_files, in_parallel, next_small_release, scratch,
    small_release,
};
use nix::errno::Errno;

use super::stage::Stage;

/// Points of the bounded run, for each kind of failure.
const BOUNDED: u64 = 16;

/// What a failing call may be reported as.
const TYPED: [&str; 2] = ["no-space", "disk-refused"];

fn update(stage: &Stage, install: &Path, place: &Path, strike: Strike) -> Traced {
    let command = stage.cloud.naru(&place.join("home")).update(install);
    Run { command: &command, output: place.to_path_buf(), scope: Scope::Files, strike }.run()
}

#[test]
fn a_call_that_fails_anywhere_gives_a_typed_error_and_a_whole_tree() {
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = match settings.every {
        None => Stage::set(root.path()),
        // Every kind of change once: all calls of the large release would take hours.
        Some(_) => Stage::of(root.path(), &small_release(), &next_small_release()),
    };
    let whole = update(&stage, &stage.copy(root.path()), root.path(), Strike::Never);
    assert_eq!(whole.ended, Ended::Exit(0), "{}", whole.stdout);
    let calls = whole.calls.len() as u64;
    let mut strikes = Vec::new();
    for errno in [Errno::ENOSPC, Errno::EIO, Errno::EACCES] {
        strikes.extend(settings.points(calls, BOUNDED).into_iter().map(|at| Strike::Fail(at, errno)));
    }
    strikes.extend(settings.points(calls, BOUNDED).into_iter().map(|at| Strike::FailFrom(at, Errno::ENOSPC)));
    let counts = Counts::default();
    in_parallel(&strikes, 1, |thread, strike| {
        let place = root.path().join(format!("thread-{thread}"));
        Point { stage: &stage, place, counts: &counts }.strike(*strike);
    });
    println!(
        "counted failing calls: {calls} mutating calls, {} failures: {} reported ({} with the game untouched, {} in \
         the middle of the commit), {} made no difference; 0 damaged, 0 panics",
        strikes.len(),
        counts.untouched.get() + counts.midway.get(),
        counts.untouched.get(),
        counts.midway.get(),
        counts.ignored.get()
    );
}

#[derive(Default)]
struct Counts {
    untouched: Count,
    midway: Count,
    ignored: Count,
}

struct Point<'a> {
    stage: &'a Stage,
    place: PathBuf,
    counts: &'a Counts,
}

impl Point<'_> {
    fn strike(&self, strike: Strike) {
        let install = self.stage.copy(&self.place);
        let struck = update(self.stage, &install, &self.place, strike);
        let Some(call) = &struck.struck else { return };
        let at = format!("{strike:?} at {call:?}");
        let Ended::Exit(exit) = struck.ended else { panic!("{at}: {:?}", struck.ended) };
        let outcome = Outcome::read(Some(exit), &struck.stdout, &struck.stderr);
        if exit == 0 {
            self.counts.ignored.one();
            assert_same(&game_files(&install), &self.stage.new, "who says done has done it", &at);
        } else {
            assert!(TYPED.contains(&outcome.code()), "{at}: a script must know what to do: {outcome:?}");
            self.check_space(strike, call, &outcome, &at);
            self.stage.check_whole(&install, &at);
            let begun = install.join(".naru/journal").exists();
            if begun { self.counts.midway.one() } else { self.counts.untouched.one() }
        }
        self.stage.check_finishes(&self.stage.cloud.naru(&self.place.join("home")), &install, &at);
    }

    /// A full disk is called one: the player can do something about it. (The ledger's database tells
    /// it from other failures only where it writes.)
    fn check_space(&self, strike: Strike, call: &Call, outcome: &Outcome, at: &str) {
        let is_full = matches!(strike, Strike::Fail(_, Errno::ENOSPC) | Strike::FailFrom(_, Errno::ENOSPC));
        let is_ledger = outcome.last["detail"].as_str().is_some_and(|detail| detail.starts_with("ledger "));
        if is_full && !(is_ledger && call.name != "pwrite64") {
            assert_eq!((outcome.exit, outcome.code()), (Some(12), "no-space"), "{at}: {outcome:?}");
        }
    }
}
