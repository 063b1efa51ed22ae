//! Room for what a commit makes beside its files: folders, their lists of names, inodes, the ledger.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fastrand::Rng;
use naru_patcher::{
    InstallFolder, Phase, PhaseProgress, ProgressSink, Silent, Total, UpdateOptions, Updater, Warning,
};
use naru_testkit::{Shape, Tree, TreeFile};
use naru_tests::{Count, Disk, Outcome, Settings, assert_same, game_files, in_parallel, scratch};

use super::stage::Stage;

/// Folders that the new release adds, each with one file in it.
const FOLDERS: usize = 800;

/// Names that it adds to a folder that is there, enough for that folder to grow several times.
const NAMES: usize = 300;

fn old() -> Tree {
    tree(1, |tree| {
        for number in 0..20 {
            put(tree, &format!("full/{number}-{}", "n".repeat(180)), b"old");
        }
    })
}

fn new() -> Tree {
    tree(2, |tree| {
        for number in 0..20 {
            put(tree, &format!("full/{number}-{}", "n".repeat(180)), b"old");
        }
        for number in 0..FOLDERS {
            put(tree, &format!("new/{number}/file"), b"new");
        }
        for number in 0..NAMES {
            put(tree, &format!("full/added-{number}-{}", "n".repeat(180)), b"new");
        }
    })
}

fn tree(seed: u64, add: impl Fn(&mut Tree)) -> Tree {
    let mut tree = Tree::generate(1, Shape { files: 0, largest: 1 });
    let mut random = Rng::with_seed(seed);
    for path in ["app.txt", "zz.txt"] {
        let bytes: Vec<u8> = (0..2_000).map(|_| random.u8(..)).collect();
        put(&mut tree, path, &bytes);
    }
    add(&mut tree);
    tree
}

fn put(tree: &mut Tree, path: &str, bytes: &[u8]) {
    tree.files.insert(path.to_owned(), TreeFile { bytes: bytes.to_vec().into(), executable: false });
}

/// A process that fills the disk as soon as the journal is written.
struct Greedy(PathBuf);

impl ProgressSink for Greedy {
    fn start(&self, phase: Phase, total: Total) -> Box<dyn PhaseProgress> {
        if phase == Phase::Apply {
            take_all(&self.0);
        }
        Silent.start(phase, total)
    }

    fn warn(&self, warning: Warning) {
        panic!("nothing may be set aside: {warning:?}");
    }
}

/// Writes until the disk has neither blocks nor inodes left.
fn take_all(disk: &Path) {
    let mut file = File::create(disk.join("taken")).unwrap();
    for size in [1 << 20, 4096, 1] {
        let bytes = vec![1; size];
        while file.write_all(&bytes).and_then(|()| file.sync_data()).is_ok() {}
    }
    std::fs::create_dir_all(disk.join("files")).ok();
    let mut number = 0;
    while File::create(disk.join(format!("files/{number}"))).is_ok() {
        number += 1;
    }
}

fn commit_on_a_disk_that_fills_up(disk: &Disk, stage: &Stage) {
    let install = disk.place().join("install");
    naru_tests::copy_folder(&stage.installed, &install);
    let watcher = Arc::new(Greedy(disk.place().to_path_buf()));
    let updater =
        Updater::new(stage.cloud.edge(), InstallFolder::new(&install), UpdateOptions::default(), watcher);
    let update = async {
        let plan = updater.plan().await.unwrap();
        updater.update(plan).await
    };
    let updated = stage.cloud.runtime().block_on(update);
    assert_eq!(updated.map(|done| done.to).ok(), Some(2), "nothing after the journal needs the disk's room");
    assert!(disk.free_bytes() < 16 << 20, "the disk was full while the commit went on");
    assert_same(&game_files(&install), &stage.new, "the release is whole", "on a full disk");
}

#[test]
fn a_disk_that_fills_up_after_the_journal_does_not_hold_the_commit_up() {
    let root = scratch();
    let stage = Stage::of(root.path(), &old(), &new());
    if let Some(disk) = Disk::ext4(&root.path().join("ext4"), 64) {
        commit_on_a_disk_that_fills_up(&disk, &stage);
    }
    if let Some(disk) = Disk::tmpfs(&root.path().join("tmpfs"), "size=48m,nr_inodes=6000") {
        commit_on_a_disk_that_fills_up(&disk, &stage);
    }
}

/// Free KiB that the sweep begins and ends with, and its step.
const SWEEP: (u64, u64, u64) = (4_400, 13_600, 100);

/// Points of the bounded run.
const BOUNDED: u64 = 10;

#[test]
fn an_ext4_with_any_room_is_refused_beforehand_or_holds_the_new_release() {
    let settings = Settings::from_environment();
    let root = scratch();
    let stage = Stage::of(root.path(), &old(), &new());
    let points = settings.points((SWEEP.1 - SWEEP.0) / SWEEP.2, BOUNDED);
    let (refused, held) = (Count::default(), Count::default());
    in_parallel(&points, 1, |_, point| {
        let place = root.path().join(format!("point-{point}"));
        let Some(disk) = Disk::ext4(&place, 48) else { return };
        let free = SWEEP.0 + point * SWEEP.2;
        let install = disk.place().join("install");
        naru_tests::copy_folder(&stage.installed, &install);
        disk.leave_free(free << 10);
        update_or_refuse(&stage, &place, &install, &format!("{free} KiB free"), &refused, &held);
    });
    println!(
        "counted ext4: {} sizes: {} refused beforehand, {} had room; 0 mixed",
        points.len(),
        refused.get(),
        held.get()
    );
}

#[test]
fn a_disk_with_few_inodes_is_refused_beforehand_or_holds_the_new_release() {
    let root = scratch();
    let stage = Stage::of(root.path(), &old(), &new());
    let (refused, held) = (Count::default(), Count::default());
    for inodes in [900, 1_300, 1_700, 2_100, 2_200, 2_300, 3_000] {
        let place = root.path().join(format!("inodes-{inodes}"));
        let Some(disk) = Disk::tmpfs(&place, &format!("size=64m,nr_inodes={inodes}")) else { return };
        let install = disk.place().join("install");
        naru_tests::copy_folder(&stage.installed, &install);
        update_or_refuse(&stage, &place, &install, &format!("{inodes} inodes"), &refused, &held);
    }
    assert!(refused.get() > 0 && held.get() > 0, "the numbers must reach both sides");
}

fn update_or_refuse(stage: &Stage, place: &Path, install: &Path, at: &str, refused: &Count, held: &Count) {
    let naru = stage.cloud.naru(&place.join("home"));
    let outcome = Outcome::of(&mut naru.update(install));
    if outcome.exit == Some(0) {
        held.one();
        return assert_same(&game_files(install), &stage.new, "there was room", at);
    }
    refused.one();
    assert_eq!((outcome.exit, outcome.code()), (Some(12), "no-space"), "{at}: {outcome:?}");
    assert_eq!(outcome.last["changed"], false, "{at}: {outcome:?}");
    assert!(!install.join(".naru/journal").exists(), "{at}: no commit begins without room for it");
    assert_same(&game_files(install), &stage.old, "the old release stays as it was", at);
    assert!(!install.join("new").exists(), "{at}: nor do empty folders stay");
}
