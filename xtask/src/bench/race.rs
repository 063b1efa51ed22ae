//! Contenders that do the same work, taking turns.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// One way of doing the work.
pub struct Contender {
    /// Its name in the table.
    pub name: &'static str,
    /// Shell lines before each run, not timed. `$RUN` is the number of the run, here and there.
    pub prepare: String,
    /// Shell lines that are timed.
    pub run: String,
}

impl Contender {
    /// A contender.
    pub fn new(name: &'static str, prepare: impl Into<String>, run: impl Into<String>) -> Self {
        Self { name, prepare: prepare.into(), run: run.into() }
    }
}

/// What a race is held against.
pub struct Target {
    /// The name of the work.
    pub work: String,
    /// Naru's median may be this many times the best of the others.
    pub at_most: Option<f64>,
}

/// Where the shell lines run.
pub struct Course<'a> {
    /// The working folder.
    pub folder: &'a Path,
    /// Variables for all contenders.
    pub environment: Vec<(String, String)>,
    /// How often each contender runs.
    pub runs: usize,
}

impl Course<'_> {
    /// Lets all run in turns, so that a busy minute hits all alike, and prints their medians.
    /// The first contender is Naru.
    ///
    /// Contenders make new folders and delete none: for minutes after, ext4 searches the deleted
    /// inodes whenever a file is made (`recently_deleted`), and the next contender would pay for it.
    pub fn race(&self, target: &Target, contenders: &[Contender]) -> Result<()> {
        let mut seconds = vec![Vec::new(); contenders.len()];
        for run in 0..self.runs {
            for (contender, seconds) in contenders.iter().zip(&mut seconds) {
                self.shell(contender.name, &format!("RUN={run}; {}", contender.prepare))?;
                let begun = Instant::now();
                self.shell(contender.name, &format!("RUN={run}; {}", contender.run))?;
                seconds.push(begun.elapsed().as_secs_f64());
            }
        }
        print_table(target, contenders, &mut seconds);
        Ok(())
    }

    /// Runs shell lines; all of them have to succeed.
    pub fn shell(&self, name: &str, lines: &str) -> Result<String> {
        let mut command = Command::new("bash");
        command.args(["-euo", "pipefail", "-c", lines]).current_dir(self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.output().context("starting bash")?;
        if !output.status.success() {
            bail!("{name}: `{lines}` failed:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn print_table(target: &Target, contenders: &[Contender], seconds: &mut [Vec<f64>]) {
    seconds.iter_mut().for_each(|runs| runs.sort_by(f64::total_cmp));
    let median = |runs: &Vec<f64>| runs.get(runs.len() / 2).copied().unwrap_or_default();
    let naru = seconds.first().map(median).unwrap_or_default();
    let best = seconds.iter().skip(1).map(median).fold(f64::INFINITY, f64::min);
    println!("\n### {}\n", target.work);
    println!("| | median s | fastest to slowest | Naru is × of it |\n| --- | --- | --- | --- |");
    for (contender, runs) in contenders.iter().zip(seconds.iter()) {
        let (fastest, slowest) = (runs.first().unwrap_or(&0.0), runs.last().unwrap_or(&0.0));
        let ratio = naru / median(runs);
        println!("| {} | {:.3} | {fastest:.3} to {slowest:.3} | {ratio:.2} |", contender.name, median(runs));
    }
    let ratio = naru / best;
    match target.at_most {
        Some(most) if ratio <= most => println!("\nTarget ≤ {most} × the best: {ratio:.2}, met."),
        Some(most) => println!("\nTarget ≤ {most} × the best: {ratio:.2}, **missed**."),
        None => println!("\n{ratio:.2} × the best; no target."),
    }
}
