//! Commands and what they answer, written down.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use naru_testkit::{Tree, TreeFile};
use naru_tests::{Cloud, Naru, scratch};
use serde_json::Value;

use super::golden::Golden;

/// Speeds, times and names that a server makes up.
const VARYING: [&str; 4] = ["rate", "seconds_left", "date", "invalidation"];

/// A `naru` with a cloud, whose answers are written down.
pub struct Session {
    pub root: tempfile::TempDir,
    pub cloud: Cloud,
    pub naru: Naru,
    pub golden: Golden,
}

impl Session {
    pub fn start(name: &'static str) -> Self {
        let root = scratch();
        let cloud = Cloud::start(&root.path().join("cloud"));
        let naru = cloud.naru(&root.path().join("home"));
        let mut golden = Golden::new(name, &VARYING);
        golden.show(root.path().to_str().unwrap(), "<root>");
        golden.show(&cloud.edge_url(), "<edge>");
        golden.show(&cloud.s3_url(), "<s3>");
        Self { root, cloud, naru, golden }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Makes the build folder hold a tree.
    pub fn build(&self, tree: &Tree) {
        let build = self.path("build");
        if build.exists() {
            std::fs::remove_dir_all(&build).unwrap();
        }
        tree.write_to(&build);
        self.settle();
    }

    /// Waits until a scan may remember the files of the build folder. What was changed within the last second
    /// is read again, so that the next scan would be another one on a slow machine.
    pub fn settle(&self) {
        std::thread::sleep(Duration::from_millis(1_100));
    }

    /// Runs a command that must end with this exit code. It runs in `<root>/home`.
    pub fn run(&mut self, line: &str, exit: i32) {
        let naru = self.naru.clone();
        self.run_as(&naru, line, exit);
    }

    /// The same with other settings.
    pub fn run_as(&mut self, naru: &Naru, line: &str, exit: i32) {
        let arguments: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
        self.note(line, &mut naru.command(&arguments), exit);
    }

    /// Runs a prepared command.
    pub fn note(&mut self, line: &str, command: &mut Command, exit: i32) {
        let output = command.output().unwrap();
        self.note_output(line, &output, exit);
    }

    pub fn note_output(&mut self, line: &str, output: &Output, exit: i32) {
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(exit), "a script reads the exit code of {line}: {stdout}");
        assert_eq!(stderr, "", "with --json all is on standard output: {line}");
        self.golden.heading(&format!("$ naru {line} --json"));
        self.golden.line(&format!("exit {exit}"));
        steady_lines(&stdout).iter().for_each(|line| self.golden.json(line));
    }
}

/// All lines but progress between the first and the last line of a phase, which depends on speed.
fn steady_lines(stdout: &str) -> Vec<String> {
    let mut open = BTreeSet::new();
    let mut steady = Vec::new();
    for line in stdout.lines() {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if value["type"] != "progress" {
            steady.push(line.to_owned());
            continue;
        }
        let phase = value["phase"].to_string();
        if value["done"] == true {
            open.remove(&phase);
            steady.push(closing_line(line, &value));
        } else if open.insert(phase) {
            steady.push(line.to_owned());
        }
    }
    steady
}

/// The last line of a phase names the file that was done last, and of a phase that failed how far it came:
/// both depend on speed.
fn closing_line(line: &str, value: &Value) -> String {
    let is_whole = value["total_items"].is_null() || value["items"] == value["total_items"];
    let varying = if is_whole { &["path"][..] } else { &["path", "bytes", "items", "seconds_left"] };
    varying.iter().fold(line.to_owned(), |line, field| {
        line.replace(&format!("\"{field}\":{}", value[field]), &format!("\"{field}\":\"<any>\""))
    })
}

/// The release of these tests: every kind of file, and one that players may edit.
pub fn first_release() -> Tree {
    with_options(naru_tests::small_release(), "volume=1\n")
}

/// The one after it, in which every kind of file has changed.
pub fn second_release() -> Tree {
    with_options(naru_tests::next_small_release(), "volume=7\n")
}

fn with_options(mut tree: Tree, text: &'static str) -> Tree {
    let file = TreeFile { bytes: text.as_bytes().into(), executable: false };
    tree.files.insert("options.ini".into(), file);
    tree
}
