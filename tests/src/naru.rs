//! The built `naru` program.

use std::path::{Path, PathBuf};
use std::process::Command;

use naru_testkit::Hermetic;
use serde_json::Value;

/// Runs `naru` with its own home and environment.
#[derive(Debug, Clone)]
pub struct Naru {
    hermetic: Hermetic,
    variables: Vec<(String, String)>,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub exit: Option<i32>,
    /// The last JSON line: a `result` or an `error`.
    pub last: Value,
    /// The paths of its warnings that a file was set aside.
    pub set_aside: Vec<String>,
    /// Standard error, for messages.
    pub stderr: String,
}

/// The program that this workspace built: `NARU_BINARY`, or the one beside the running test.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os("NARU_BINARY") {
        return named.into();
    }
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(2).unwrap();
    let program = target.join("naru");
    assert!(program.exists(), "build it first: cargo build -p naru-cli ({})", program.display());
    program
}

impl Naru {
    /// A `naru` whose home is `home`, with these variables.
    pub fn new(home: &Path, variables: &[(&str, String)]) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self { hermetic: Hermetic::new(home), variables: variables.collect() }
    }

    /// The same with another value of one variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(given, _)| given != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// `naru … --json`, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.hermetic.command(program());
        command.current_dir(self.hermetic.home()).args(arguments).arg("--json");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(arguments))
    }

    /// `naru update`.
    pub fn update(&self, install: &Path) -> Command {
        self.command(&["update", "--install", install.to_str().unwrap()])
    }

    /// `naru publish`.
    pub fn publish(&self, build: &Path) -> Command {
        self.command(&["publish", build.to_str().unwrap(), "--yes"])
    }

    /// `naru repair`.
    pub fn repair(&self, install: &Path) -> Command {
        self.command(&["repair", "--install", install.to_str().unwrap()])
    }

    /// `naru verify`.
    pub fn verify(&self, install: &Path) -> Command {
        self.command(&["verify", "--install", install.to_str().unwrap()])
    }
}

impl Outcome {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        Self::read(output.status.code(), &stdout, &stderr)
    }

    /// Reads what a command left behind.
    pub fn read(exit: Option<i32>, stdout: &str, stderr: &str) -> Self {
        let lines = stdout.lines().chain(stderr.lines());
        let lines: Vec<Value> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
        let last = lines.iter().rfind(|line| line["type"] == "result" || line["type"] == "error");
        let set_aside = lines.iter().filter(|line| line["code"] == "set-aside");
        let set_aside = set_aside.filter_map(|line| line["path"].as_str()).map(str::to_owned);
        Self {
            exit,
            last: last.cloned().unwrap_or_default(),
            set_aside: set_aside.collect(),
            stderr: stderr.to_owned(),
        }
    }

    /// The result line of a command that must have succeeded.
    pub fn succeeded(&self) -> &Value {
        assert_eq!(self.exit, Some(0), "{self:?}");
        &self.last
    }

    /// The code of the error line; empty when there is none.
    pub fn code(&self) -> &str {
        self.last["code"].as_str().unwrap_or_default()
    }

    /// A number of the last line.
    pub fn number(&self, field: &str) -> u64 {
        self.last[field].as_u64().unwrap_or_else(|| panic!("no {field} in {self:?}"))
    }
}
