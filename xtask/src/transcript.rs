//! Runs the real `naru` and shows each command line before its output.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The surroundings of the commands that are shown.
pub struct Transcript {
    root: PathBuf,
    naru: PathBuf,
    environment: Vec<(String, String)>,
}

impl Transcript {
    /// Commands in the repository, with the built `naru` and the given variables.
    pub fn new(root: &Path, naru: &Path, environment: Vec<(String, String)>) -> Self {
        Self { root: root.to_path_buf(), naru: naru.to_path_buf(), environment }
    }

    /// The variables.
    pub fn variables(&self) -> &[(String, String)] {
        &self.environment
    }

    /// The value of one of its variables.
    pub fn variable(&self, name: &str) -> Result<&str> {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).with_context(|| format!("`naru serve` printed no {name}"))
    }

    /// Runs `naru` with these arguments; it has to succeed.
    pub fn naru(&self, arguments: &[&str]) -> Result<()> {
        self.naru_answers(arguments, 0)
    }

    /// Runs `naru` with these arguments; it has to end with this exit code.
    pub fn naru_answers(&self, arguments: &[&str], expected: i32) -> Result<()> {
        println!("\n$ naru {}", arguments.join(" "));
        let status = Command::new(&self.naru)
            .args(arguments)
            .current_dir(&self.root)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .status()
            .with_context(|| format!("starting {}", self.naru.display()))?;
        if status.code() != Some(expected) {
            bail!("`naru {}` ended with {status}, expected was exit code {expected}", arguments.join(" "));
        }
        Ok(())
    }
}

/// A line about what happens next.
pub fn say(line: &str) {
    println!("\n# {line}");
}
