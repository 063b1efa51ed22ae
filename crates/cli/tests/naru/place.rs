//! A separate folder and an empty environment for each test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A test's own surroundings.
pub struct Place {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// All lines of standard output as JSON.
    pub fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        self.stdout.lines().map(parse).collect()
    }

    /// The last line of a type.
    pub fn last(&self, kind: &str) -> Value {
        let found = self.lines().into_iter().rfind(|line| line["type"] == kind);
        found.unwrap_or_else(|| panic!("no line of type {kind} in {self:?}"))
    }

    /// The same, which has to have ended with this exit code.
    pub fn with_exit(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "{self:?}");
        self
    }
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder of the test's own"), variables: Vec::new() }
    }

    /// The same with one more environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("a parent folder");
        fs::write(path, bytes).expect("a file of the test");
    }

    /// The command, ready to be started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_naru"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path().join("home"))
            .env("LC_ALL", "C.UTF-8")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub fn naru(&self, arguments: &[&str]) -> Answer {
        let output = self.command(arguments).output().expect("naru starts");
        Answer {
            exit: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// A small build folder `build`.
    pub fn with_build(self) -> Self {
        self.write("build/index.html", "<p>cave</p>");
        self.write("build/sound/wave.wav", vec![7; 300_000]);
        self.write("build/options.ini", "volume=5\n");
        self
    }
}
