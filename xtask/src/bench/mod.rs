//! `cargo xtask bench`: Naru beside the programs that do the same work, on real games.

mod race;
mod tools;
mod work;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use race::Course;
use work::Corpus;

const CORPORA: &str = include_str!("corpora.sh");

/// What to measure, on what, and how often.
#[derive(Debug, Args)]
pub struct Options {
    /// Which work [default: all]
    work: Vec<Work>,
    /// Which games: wesnoth, stk, bpy, zeroad-zip
    #[arg(long = "corpus", default_values = ["wesnoth", "bpy"])]
    corpora: Vec<String>,
    /// How often each contender runs
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    Scan,
    Publish,
    Install,
    Update,
    Memory,
}

/// Prepares everything and holds the races.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    tools::install(root)?;
    build(root)?;
    let corpora = unpack(root, &options.corpora)?;
    let work = if options.work.is_empty() { Work::value_variants() } else { &options.work };
    print_machine();
    for corpus in &corpora {
        for work in work {
            hold(root, corpus, *work, options.runs)?;
        }
    }
    Ok(())
}

fn build(root: &Path) -> Result<()> {
    let mut build = Command::new("cargo");
    build.current_dir(root).args(["build", "--release", "--quiet", "--package", "naru-cli"]);
    tools::run(&mut build)
}

fn unpack(root: &Path, names: &[String]) -> Result<Vec<Corpus>> {
    let folder = root.join("target/corpora");
    tools::run(Command::new("bash").args(["-c", CORPORA, "corpora.sh"]).arg(&folder).args(names))?;
    let corpus = |name: &String| Corpus {
        name: name.clone(),
        folder: folder.join(name).display().to_string(),
        small_files: name == "wesnoth",
    };
    Ok(names.iter().map(corpus).collect())
}

/// One kind of work on one corpus, with a server and a folder of its own.
fn hold(root: &Path, corpus: &Corpus, work: Work, runs: usize) -> Result<()> {
    if runs == 0 {
        bail!("--runs must be at least 1");
    }
    let folder = root.join("target/bench");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let cloud = tools::Cloud::start(root, &folder)?;
    let mut environment = cloud.environment.clone();
    environment.push(("PATH".into(), path(root)));
    environment.push(("XDG_CACHE_HOME".into(), folder.join("user-cache").display().to_string()));
    let course = Course { folder: &folder, environment, runs };
    match work {
        Work::Scan => work::cold_scan(&course, corpus).and_then(|()| work::warm_scan(&course, corpus)),
        Work::Publish => work::no_change(&course, corpus).and_then(|()| work::first_publish(&course, corpus)),
        Work::Install => work::install(&course, corpus),
        Work::Update => work::update(&course, corpus),
        Work::Memory => work::memory(&course, corpus),
    }
}

fn path(root: &Path) -> String {
    let target = root.join("target");
    let own = [target.join("release"), target.join("peers/bin")];
    let own = own.map(|folder| folder.display().to_string()).join(":");
    format!("{own}:/usr/local/bin:/usr/bin:/bin")
}

fn print_machine() {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    println!("{cores} cores, Linux {}", kernel.trim());
}
