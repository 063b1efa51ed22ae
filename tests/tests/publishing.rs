//! The built `naru` publishes to a bucket that others have changed.

#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

use std::path::Path;
use std::process::Stdio;

use naru_store::{ObjectRef, WriteStore};
use naru_testkit::{Fault, Nth, Rule, Shape, Tree};
use naru_tests::{Cloud, Naru, Outcome, assert_same, game_files, install_2017, scratch};

const POINTER: &str = "update/version.json";

/// The built program with its own cloud, build folder and install folder.
struct Stage {
    root: tempfile::TempDir,
    cloud: Cloud,
    naru: Naru,
}

impl Stage {
    fn new() -> Self {
        let root = scratch();
        let cloud = Cloud::start(&root.path().join("cloud"));
        let naru = cloud.naru(&root.path().join("home"));
        Self { root, cloud, naru }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.root.path().join(name)
    }

    /// Publishes a tree; answers with its number.
    fn publish(&self, tree: &Tree) -> u64 {
        let build = self.path("build");
        if build.exists() {
            std::fs::remove_dir_all(&build).unwrap();
        }
        tree.write_to(&build);
        let published = Outcome::of(&mut self.naru.publish(&build));
        published.succeeded();
        published.number("number")
    }

    fn update(&self, tree: &Tree, install: &Path) {
        Outcome::of(&mut self.naru.update(install)).succeeded();
        assert_same(&game_files(install), &tree.snapshot(), "players get the build", "after an update");
    }

    /// `aws s3api copy-object` of the pointer's version from `back` publishes ago.
    fn restore_pointer(&self, back: usize) {
        let bucket = self.cloud.bucket();
        self.cloud.runtime().block_on(async {
            let versions = bucket.versions(POINTER).await.unwrap();
            let old = ObjectRef::at(POINTER, &versions[back].version);
            bucket.copy(&old, POINTER, Default::default()).await.unwrap();
        });
    }

    fn delete_below(&self, prefix: &str) {
        self.cloud.runtime().block_on(self.cloud.delete_below(prefix));
    }
}

fn tree(seed: u64) -> Tree {
    Tree::generate(seed, Shape { files: 12, largest: 3_000 })
}

#[test]
fn a_pointer_that_fell_back_gives_no_number_twice() {
    let stage = Stage::new();
    let install = stage.path("install");
    for number in 1..=3 {
        assert_eq!(stage.publish(&tree(number)), number);
    }
    stage.update(&tree(3), &install);
    stage.restore_pointer(1);

    let listed = stage.naru.run(&["releases"]);
    let releases = listed.succeeded()["releases"].as_array().unwrap();
    let of = |field: &str| releases.iter().map(|row| row[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("number"), [3, 2, 1], "each number once");
    assert_eq!(of("live"), [false, true, false], "one is current");

    let plan = stage.naru.run(&["publish", "../build", "--dry-run"]);
    assert_eq!(plan.exit, Some(0), "{plan:?}");
    assert_eq!(stage.publish(&tree(2)), 4, "the build of release 2, which is live again");
    stage.update(&tree(2), &install);
    let folder = stage.path("client-2017");
    let edge = stage.cloud.edge();
    let number = stage.cloud.runtime().block_on(install_2017(&*edge, "update", &folder));
    assert_eq!(number, 4, "2017 clients compare nothing but this number");

    stage.restore_pointer(2);
    let back = stage.naru.run(&["rollback", "2", "--yes"]);
    assert_eq!((back.exit, back.number("number")), (Some(0), 5), "{back:?}");
}

#[test]
fn deleting_naru_s_folder_in_the_bucket_loses_nothing() {
    let stage = Stage::new();
    stage.publish(&tree(1));
    stage.publish(&tree(2));
    stage.delete_below("update/.naru/");
    let broken = Outcome::of(&mut stage.naru.update(&stage.path("early")));
    assert_eq!(broken.exit, Some(7), "players can't install what is live: {broken:?}");
    let build = stage.path("build");
    let plan = stage.naru.command(&["publish", build.to_str().unwrap(), "--dry-run"]).output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    assert!(plan.contains("\"code\":\"lost-objects\"") && plan.contains("update/.naru/manifest/"), "{plan}");
    let healed = Outcome::of(&mut stage.naru.publish(&build));
    assert_eq!((healed.number("number"), healed.number("uploaded_files")), (3, 0), "no file is lost");
    stage.update(&tree(2), &stage.path("install"));

    stage.delete_below("update/.naru/");
    let back = stage.naru.run(&["rollback", "1", "--yes"]);
    assert_eq!((back.exit, back.number("number")), (Some(0), 4), "{back:?}");
    stage.update(&tree(1), &stage.path("install"));
}

#[test]
fn looking_for_lost_objects_costs_a_request_for_a_thousand_versions() {
    let stage = Stage::new();
    let many = Tree::generate(5, Shape { files: 1_500, largest: 20 });
    stage.publish(&many);
    let before = stage.cloud.counters();
    let unchanged = Outcome::of(&mut stage.naru.publish(&stage.path("build")));
    assert_eq!(unchanged.succeeded()["published"], false);
    let after = stage.cloud.counters();
    let of = |name: &str| {
        let count = |counters: &naru_local_cloud::Counters| counters.s3_operations.get(name).copied();
        count(&after).unwrap_or_default() - count(&before).unwrap_or_default()
    };
    assert_eq!(of("ListObjectVersions"), 3, "one for the pointer's versions, two for about 1,500 files");
    assert_eq!(of("HeadObject"), 2, "manifest and locations");
    assert_eq!(of("GetObject"), 3, "the pointer, its one version, and the file list");
    assert_eq!(after.s3_requests - before.s3_requests, 8, "and nothing else");
}

/// Runs a publish and strikes the build folder after it was scanned and before a file is sent: where
/// the store is asked whether it is safe.
fn strike(stage: &Stage, strike: impl FnOnce(&Path)) -> Outcome {
    let build = stage.path("build");
    tree(1).write_to(&build);
    let proxy = stage.cloud.s3_proxy();
    proxy.inject(Rule::new(".naru/probe", Nth::Every, Fault::Status(503, Vec::new())));
    let naru = stage.naru.clone().with("AWS_ENDPOINT_URL_S3", &proxy.url());
    let running = naru.publish(&build).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while proxy.count("PUT", ".naru/probe") == 0 {
        std::thread::yield_now();
    }
    strike(&build);
    proxy.clear();
    let output = running.wait_with_output().unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Outcome::read(output.status.code(), &stdout, &stderr)
}

#[test]
fn a_build_that_vanishes_while_it_is_sent_is_a_bad_build() {
    let stage = Stage::new();
    let renamed = strike(&stage, |build| std::fs::rename(build, build.with_file_name("elsewhere")).unwrap());
    assert_eq!((renamed.exit, renamed.code()), (Some(4), "bad-build"), "{renamed:?}");
    let detail = renamed.last["detail"].as_str().unwrap();
    assert!(detail.contains("build") && detail.contains("disappeared"), "the file is named: {detail}");
    assert_eq!(renamed.last["changed"], false);

    let removed = strike(&stage, |build| {
        std::fs::remove_dir_all(build).unwrap();
        std::fs::create_dir(build).unwrap();
    });
    assert_eq!((removed.exit, removed.code()), (Some(4), "bad-build"), "{removed:?}");
    let listed = stage.naru.run(&["releases"]);
    assert_eq!(listed.succeeded()["releases"].as_array().map(Vec::len), Some(0), "no release is out");
}
