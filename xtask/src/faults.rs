//! `cargo xtask faults`: the fault tests in full, where a plain test run takes samples.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// What to run, and how thoroughly
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which faults; all of them when none is named
    #[arg(value_enum)]
    kinds: Vec<Kind>,
    /// Strike only every K-th system call or disk size
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Repeat the run with this seed
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Kill update and publish at each system call that changes or sends something
    Kill,
    /// Let each of these calls fail, and fill disks of many sizes
    Errno,
    /// Two publishers at once
    Race,
    /// Break answers on the wire
    Wire,
}

const ALL: [Kind; 4] = [Kind::Kill, Kind::Errno, Kind::Race, Kind::Wire];

impl Kind {
    fn test(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Errno => "disk_faults",
            Self::Race => "publishers_race",
            Self::Wire => "wire_faults",
        }
    }
}

/// Runs the chosen loops; answers whether nothing was damaged. The last lines are the counts.
pub fn run(root: &Path, options: &Options) -> Result<bool> {
    build(root)?;
    let kinds = if options.kinds.is_empty() { &ALL[..] } else { &options.kinds[..] };
    let mut counts = Vec::new();
    let mut is_whole = true;
    for kind in kinds {
        let begun = Instant::now();
        let (mut lines, passed) = run_test(root, kind.test(), options)?;
        counts.append(&mut lines);
        let verdict = if passed { "ok" } else { "FAILED" };
        counts.push(format!("{}: {verdict}, {:.0} s", kind.test(), begun.elapsed().as_secs_f64()));
        is_whole &= passed;
    }
    println!("== counts\n{}", counts.join("\n"));
    Ok(is_whole)
}

fn build(root: &Path) -> Result<()> {
    let status = cargo(root).args(["build", "--package", "naru-cli"]).status().context("cargo build")?;
    if !status.success() {
        bail!("`naru` does not build");
    }
    Ok(())
}

fn cargo(root: &Path) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).env("CARGO_INCREMENTAL", "0");
    cargo
}

/// Runs one test file, hands its output on and picks out its counts and seeds.
fn run_test(root: &Path, test: &str, options: &Options) -> Result<(Vec<String>, bool)> {
    let mut command = cargo(root);
    command.args(["test", "--package", "naru-tests", "--test", test, "--", "--nocapture"]);
    command.env("NARU_FAULTS_EVERY", options.every.to_string());
    if let Some(seed) = options.seed {
        command.env("NARU_FAULTS_SEED", seed.to_string());
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo test")?;
    let mut lines = Vec::new();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
        let line = line?;
        println!("{line}");
        if ["seed ", "counted "].iter().any(|start| line.starts_with(start)) {
            lines.push(line);
        }
    }
    Ok((lines, child.wait()?.success()))
}
