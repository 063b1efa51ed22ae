//! Named, timed steps whose output is shown only when they fail.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

/// A run of steps, and which of them failed.
pub struct Steps {
    root: PathBuf,
    logs: PathBuf,
    failed: Vec<String>,
}

impl Steps {
    /// Steps in the repository at `root`, with logs under `target/xtask`.
    pub fn new(root: &Path) -> Result<Self> {
        let logs = root.join("target/xtask");
        fs::create_dir_all(&logs).with_context(|| format!("making {}", logs.display()))?;
        Ok(Self { root: root.to_path_buf(), logs, failed: Vec::new() })
    }

    /// Names of the steps that failed.
    pub fn failed(&self) -> &[String] {
        &self.failed
    }

    /// A command in the repository, without colours and without incremental files.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env("CARGO_INCREMENTAL", "0")
            .env("CARGO_TERM_COLOR", "never")
            .env("NO_COLOR", "1");
        command
    }

    /// Runs a command as a step and answers its whole output, and whether it succeeded.
    pub fn run(&mut self, name: &str, command: &mut Command) -> Result<(String, bool)> {
        let log = self.logs.join(format!("{}.log", name.replace(' ', "-")));
        let out = File::create(&log).with_context(|| format!("writing {}", log.display()))?;
        let begun = self.begin(name);
        let status = command.stdout(out.try_clone()?).stderr(out).status();
        let output = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
        let ended = match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{output}\n{name}: {status}")),
            Err(error) => Err(format!("{:?} can't be started: {error}", command.get_program())),
        };
        let is_ok = ended.is_ok();
        self.end(name, begun, ended.err());
        Ok((output, is_ok))
    }

    /// Runs a check of our own as a step.
    pub fn check<T>(&mut self, name: &str, check: impl FnOnce() -> Result<T>) -> Option<T> {
        let begun = self.begin(name);
        match check() {
            Ok(value) => {
                self.end(name, begun, None);
                Some(value)
            }
            Err(error) => {
                self.end(name, begun, Some(format!("{error:#}")));
                None
            }
        }
    }

    fn begin(&self, name: &str) -> Instant {
        println!("== {name}");
        Instant::now()
    }

    fn end(&mut self, name: &str, begun: Instant, problem: Option<String>) {
        let seconds = begun.elapsed().as_secs_f64();
        match problem {
            None => println!("   ok, {seconds:.1} s"),
            Some(problem) => {
                println!("{problem}\n   FAILED, {seconds:.1} s");
                self.failed.push(name.to_owned());
            }
        }
    }
}
