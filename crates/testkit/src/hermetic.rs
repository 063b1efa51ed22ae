//! Commands that see nothing of the machine they run on.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Starts programs with an isolated environment: a home below one folder, no credentials, no
/// language settings, nothing inherited.
#[derive(Debug, Clone)]
pub struct Hermetic {
    home: PathBuf,
    given: Vec<(String, String)>,
}

impl Hermetic {
    /// Everything a program writes for itself goes below `home`, which is made.
    pub fn new(home: impl Into<PathBuf>) -> Self {
        let home = home.into();
        for folder in ["config", "cache", "data", "state", "runtime", "tmp"] {
            std::fs::create_dir_all(home.join(folder)).unwrap();
        }
        Self { home, given: Vec::new() }
    }

    /// Adds a variable to the environment of every command.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.given.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The home of the programs.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// A command with this environment and nothing else.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LANG", "C.UTF-8")
            .env("HOME", &self.home)
            .env("TMPDIR", self.home.join("tmp"))
            .env("XDG_CONFIG_HOME", self.home.join("config"))
            .env("XDG_CACHE_HOME", self.home.join("cache"))
            .env("XDG_DATA_HOME", self.home.join("data"))
            .env("XDG_STATE_HOME", self.home.join("state"))
            .env("XDG_RUNTIME_DIR", self.home.join("runtime"))
            // The SDK asks the machine's metadata service for credentials, which takes seconds
            // without one, and finds a real role with one.
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command.envs(self.given.iter().map(|(name, value)| (name, value)));
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_inherits_nothing() {
        let home = tempfile::tempdir().unwrap();
        let hermetic = Hermetic::new(home.path()).env("AWS_REGION", "us-east-1");
        let output = hermetic.command("env").output().unwrap();
        let mut names: Vec<_> = String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "AWS_EC2_METADATA_DISABLED",
                "AWS_REGION",
                "HOME",
                "LANG",
                "PATH",
                "TMPDIR",
                "XDG_CACHE_HOME",
                "XDG_CONFIG_HOME",
                "XDG_DATA_HOME",
                "XDG_RUNTIME_DIR",
                "XDG_STATE_HOME"
            ],
            "a variable that leaks in makes a test pass on one machine only"
        );
    }
}
