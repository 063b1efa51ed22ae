//! The launcher's window beside an empty one of the same window library: time to first content, and
//! cost when idle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::process_tree::{memory, processor_time, processor_time_by_name};
use super::tools;
use crate::debian;
use crate::launcher::{TO_BUILD, TO_SHOW};
use crate::npm::npm;
use crate::screen::Screen;
use crate::server::Server;

/// A bare ground has one colour or two; the edges of letters have shades between them.
const COLOURS_OF_CONTENT: usize = 8;

/// Between two looks at the screen.
const LOOKING: Duration = Duration::from_millis(2);

/// How long a window may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// After the first content, for the page to come to rest.
const SETTLING: Duration = Duration::from_secs(10);

/// How long an idle window is watched.
const WATCHING: Duration = Duration::from_secs(30);

struct Contender {
    name: &'static str,
    program: PathBuf,
    runs: Vec<Figures>,
}

/// What one run took.
struct Figures {
    milliseconds: f64,
    /// Of each process until then.
    work: BTreeMap<String, Duration>,
    /// Of one core, while idle.
    percent: f64,
    mebibytes: f64,
}

/// Builds both, opens them in turns, and prints the tables.
pub fn compare(root: &Path, runs: usize) -> Result<()> {
    debian::require(TO_BUILD)?;
    debian::require(TO_SHOW)?;
    build(root)?;
    let release = root.join("target/release");
    let contender =
        |name, program: &str| Contender { name, program: release.join(program), runs: Vec::new() };
    let mut contenders =
        [contender("the launcher", "naru-launcher"), contender("an empty window", "examples/empty-window")];
    for contender in &contenders {
        // The first start of either reads the libraries from the disk.
        open(&contender.program)?;
    }
    for _ in 0..runs {
        for contender in &mut contenders {
            contender.runs.push(open(&contender.program)?);
        }
    }
    print_table(&contenders);
    print_work(&contenders);
    Ok(())
}

fn build(root: &Path) -> Result<()> {
    tools::run(npm().current_dir(root).args(["--prefix", "ui", "ci", "--no-audit", "--no-fund"]))?;
    tools::run(npm().current_dir(root).args(["--prefix", "ui", "run", "build"]))?;
    let mut cargo = Command::new("cargo");
    cargo.current_dir(root).args(["build", "--release", "--quiet", "--package", "naru-launcher"]);
    tools::run(cargo.args(["--bins", "--example", "empty-window"]))
}

/// One start on its own screen and in its own folders, without a server.
fn open(program: &Path) -> Result<Figures> {
    let place = tempfile::tempdir()?;
    let screen = Screen::start(place.path())?;
    let mut command = Command::new(program);
    command.env("DISPLAY", &screen.display).env("NARU_DATA", place.path().join("launcher"));
    for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, place.path().join(folder));
    }
    let begun = Instant::now();
    let window = Server::start(&mut command, &place.path().join("window.log"))?;
    while screen.colours(COLOURS_OF_CONTENT)? < COLOURS_OF_CONTENT {
        if begun.elapsed() > PATIENCE {
            let words = fs::read_to_string(place.path().join("window.log")).context("reading its log")?;
            bail!("{} shows nothing after {} s:\n{words}", program.display(), PATIENCE.as_secs());
        }
        sleep(LOOKING);
    }
    let milliseconds = begun.elapsed().as_secs_f64() * 1e3;
    let work = processor_time_by_name(window.id());
    sleep(SETTLING);
    let before = processor_time(window.id());
    sleep(WATCHING);
    let used = processor_time(window.id()).saturating_sub(before);
    Ok(Figures {
        milliseconds,
        work,
        percent: 100.0 * used.as_secs_f64() / WATCHING.as_secs_f64(),
        mebibytes: memory(window.id()) as f64 / f64::from(1 << 20),
    })
}

fn print_table(contenders: &[Contender; 2]) {
    println!(
        "| | first content, median ms | fastest to slowest | idle, median % of a core | memory, median MiB |"
    );
    println!("| --- | --- | --- | --- | --- |");
    for contender in contenders {
        let (milliseconds, percent) =
            (contender.sorted(|run| run.milliseconds), contender.sorted(|run| run.percent));
        println!(
            "| {} | {:.0} | {:.0} to {:.0} | {:.2} | {:.0} |",
            contender.name,
            median(&milliseconds),
            milliseconds.first().unwrap_or(&0.0),
            milliseconds.last().unwrap_or(&0.0),
            median(&percent),
            median(&contender.sorted(|run| run.mebibytes)),
        );
    }
    let [launcher, empty] = contenders.each_ref().map(|one| median(&one.sorted(|run| run.milliseconds)));
    println!("\nThe launcher's first content takes {:.2} × the empty window's.", launcher / empty);
}

/// Where the time until the first content goes.
fn print_work(contenders: &[Contender; 2]) {
    println!("\n| processor time until the first content, median ms | the launcher | an empty window |");
    println!("| --- | --- | --- |");
    let names: BTreeSet<&String> = contenders.iter().flat_map(Contender::processes).collect();
    for name in names {
        let [launcher, empty] = contenders.each_ref().map(|one| median(&one.sorted(|run| run.work_of(name))));
        println!("| {name} | {launcher:.0} | {empty:.0} |");
    }
}

impl Figures {
    fn work_of(&self, process: &str) -> f64 {
        self.work.get(process).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

impl Contender {
    fn processes(&self) -> impl Iterator<Item = &String> {
        self.runs.iter().flat_map(|run| run.work.keys())
    }

    fn sorted(&self, figure: impl Fn(&Figures) -> f64) -> Vec<f64> {
        let mut figures: Vec<f64> = self.runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    }
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
