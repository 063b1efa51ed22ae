//! Looking at what an update would do, and hearing of what it does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use naru_patcher::{
    Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateError, UpdateOptions, Updater, Warning,
};

use crate::world::{World, noise, write};

/// Everything below a folder, Naru's own files included.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(snapshot(&path));
            found.insert(path, Vec::new());
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Copies the files with their times, by which the ledger knows them.
fn copy_tree(from: &Path, to: &Path) {
    for (path, bytes) in snapshot(from) {
        if path.is_file() {
            let place = to.join(path.strip_prefix(from).unwrap());
            write(&place, &bytes);
            let modified = path.metadata().unwrap().modified().unwrap();
            std::fs::File::options().write(true).open(place).unwrap().set_modified(modified).unwrap();
        }
    }
}

/// Keeps the install folder as a kill at the beginning of the commit would leave it.
struct Killer {
    install: PathBuf,
    kept: PathBuf,
}

impl ProgressSink for Killer {
    fn start(&self, phase: Phase, _total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Apply {
            copy_tree(&self.install, &self.kept);
        }
        Box::new(Silent)
    }

    fn warn(&self, _warning: Warning) {}
}

/// A folder whose update to release 2 was killed when its journal had been written.
async fn interrupted_world() -> World {
    let world = World::new().await;
    world.set_build(&[("a", b"one"), ("b", b"both")]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    world.set_build(&[("a", b"two"), ("b", b"both")]);
    world.publish().await.unwrap();
    let kept = world.install().with_extension("killed");
    let killer = Killer { install: world.install(), kept: kept.clone() };
    let store = world.place.edge.clone();
    let updater = Updater::new(store, world.install_folder(), UpdateOptions::default(), Arc::new(killer));
    updater.update(updater.plan().await.unwrap()).await.unwrap();
    std::fs::remove_dir_all(world.install()).unwrap();
    std::fs::rename(kept, world.install()).unwrap();
    world
}

#[tokio::test]
async fn looking_makes_no_install_folder() {
    let world = World::new().await;
    world.set_build(&[("a", b"1")]);
    world.publish().await.unwrap();
    let plan = world.updater().preview().await.unwrap();
    assert_eq!((plan.from, plan.to, plan.download_bytes), (None, 1, 1));
    assert!(!world.install().exists(), "whoever only looks leaves no trace");
    write(&world.install(), b"a file");
    let refused = world.updater().preview().await;
    assert!(matches!(refused, Err(UpdateError::NotAFolder { .. })), "{refused:?}");
}

#[tokio::test]
async fn looking_at_an_interrupted_update_does_not_finish_it() {
    let world = interrupted_world().await;
    let before = snapshot(&world.install());
    let plan = world.updater().preview().await.unwrap();
    assert!(plan.interrupted, "the next update finishes it first");
    assert_eq!((plan.download_bytes, plan.staged_bytes), (0, 3), "all that it needs is staged");
    assert_eq!(snapshot(&world.install()), before);
}

#[tokio::test]
async fn an_update_that_only_finishes_another_one_says_so() {
    let world = interrupted_world().await;
    let plan = world.updater().plan().await.unwrap();
    assert!(plan.is_empty() && plan.interrupted, "nothing is left to do, but something was done: {plan:?}");
    assert_eq!(world.installed()["a"], b"two");
    assert!(world.updater().update(plan).await.unwrap().interrupted);
    assert!(!world.updater().plan().await.unwrap().interrupted, "once is enough");
}

#[tokio::test]
async fn a_plan_names_what_stays_the_player_s() {
    let world = World::new().await;
    let release: &[(&str, &[u8])] =
        &[("both.ini", b"1"), ("his.ini", b"1"), ("ours.ini", b"1"), ("saves/s", b"1"), ("saves/gone", b"1")];
    world.set_build(release);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    for path in ["both.ini", "his.ini", "saves/s"] {
        world.disturb(path, b"mine");
    }
    std::fs::remove_file(world.install().join("saves/gone")).unwrap();
    world.set_build(&[("both.ini", b"2"), ("his.ini", b"1"), ("ours.ini", b"2"), ("saves/gone", b"1")]);
    world.publish().await.unwrap();
    let plan = world.updater().preview().await.unwrap();
    let names = |paths: &[naru_protocol::RelPath]| paths.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&plan.kept), ["both.ini"]);
    assert_eq!(names(&plan.untouched), ["his.ini", "saves/s"], "also what the release no longer has");
}

/// A phase: what it was to do, and the bytes and files that it has done.
type Sum = (Phase, Total, u64, u64);

/// Adds up all phases.
#[derive(Default, Clone)]
struct Sums(Arc<Mutex<Vec<Sum>>>);

struct OfPhase(Sums, usize);

impl ProgressSink for Sums {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        let mut phases = self.0.lock().unwrap();
        phases.push((phase, total, 0, 0));
        Box::new(OfPhase(self.clone(), phases.len() - 1))
    }

    fn warn(&self, _warning: Warning) {}
}

impl PhaseProgress for OfPhase {
    fn bytes(&self, more: u64) {
        self.0.0.lock().unwrap()[self.1].2 += more;
    }

    fn item(&self, _path: &str) {
        self.0.0.lock().unwrap()[self.1].3 += 1;
    }
}

#[tokio::test]
async fn the_progress_of_a_download_counts_what_travels() {
    const MIB: usize = 1 << 20;
    let world = World::new().await;
    let mut large = noise(40 * MIB, 1);
    world.set_build(&[("large", &large), ("moved/from", &noise(MIB, 2))]);
    world.publish().await.unwrap();
    world.update().await.unwrap();
    large[3 * MIB] ^= 1;
    large[30 * MIB] ^= 1;
    world.set_build(&[("large", &large), ("moved/to", &noise(MIB, 2)), ("empty", b"")]);
    world.publish().await.unwrap();
    let sums = Sums::default();
    let store = world.place.edge.clone();
    let updater =
        Updater::new(store, world.install_folder(), UpdateOptions::default(), Arc::new(sums.clone()));
    updater.update(updater.plan().await.unwrap()).await.unwrap();
    let phases = sums.0.lock().unwrap();
    let of = |wanted: Phase| phases.iter().find(|(phase, ..)| *phase == wanted).unwrap();
    let (_, total, bytes, items) = of(Phase::Download);
    assert_eq!((total.bytes, *bytes), (Some(2 * MIB as u64), 2 * MIB as u64), "two pieces of forty-one");
    assert_eq!((total.items, *items), (Some(2), 2), "each file once, however many requests it takes");
    let (_, total, bytes, items) = of(Phase::Gather);
    assert_eq!((total.bytes, *bytes), (Some(41 * MIB as u64), 41 * MIB as u64), "what is looked through");
    assert_eq!((total.items, *items), (Some(2), 2));
}
