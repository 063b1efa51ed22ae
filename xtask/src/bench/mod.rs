//! `cargo xtask bench`: Naru beside the programs that do the same work, on real games.

mod earlier;
mod process_tree;
mod race;
mod tools;
mod window;
mod work;

use std::path::{Path, PathBuf};
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
    /// Race against this earlier release build of `naru`, and against nothing else
    #[arg(long, value_name = "PROGRAM", conflicts_with = "work")]
    earlier: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Work {
    Scan,
    Publish,
    Install,
    Update,
    Memory,
    /// The launcher's window; no game takes part
    Window,
}

/// One kind of work on one game.
type Race<'a> = &'a dyn Fn(&Course, &Corpus) -> Result<()>;

impl Work {
    /// `None` for what takes no game.
    fn on_game(self) -> Option<Race<'static>> {
        match self {
            Self::Scan => Some(&|course, corpus| {
                work::cold_scan(course, corpus).and_then(|()| work::warm_scan(course, corpus))
            }),
            Self::Publish => Some(&|course, corpus| {
                work::no_change(course, corpus).and_then(|()| work::first_publish(course, corpus))
            }),
            Self::Install => Some(&work::install),
            Self::Update => Some(&work::update),
            Self::Memory => Some(&work::memory),
            Self::Window => None,
        }
    }
}

/// Prepares everything and holds the races.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    if options.runs == 0 {
        bail!("--runs must be at least 1");
    }
    print_machine();
    if let Some(earlier) = &options.earlier {
        let race = |course: &Course, corpus: &Corpus| earlier::compare(course, corpus, earlier);
        return race_on_games(root, options, &[&race]);
    }
    let work = if options.work.is_empty() { Work::value_variants() } else { &options.work };
    if work.contains(&Work::Window) {
        window::compare(root, options.runs)?;
    }
    let races: Vec<Race> = work.iter().filter_map(|work| work.on_game()).collect();
    if races.is_empty() { Ok(()) } else { race_on_games(root, options, &races) }
}

fn race_on_games(root: &Path, options: &Options, races: &[Race<'_>]) -> Result<()> {
    tools::install(root)?;
    build(root)?;
    for corpus in unpack(root, &options.corpora)? {
        for race in races {
            hold(root, &corpus, *race, options.runs)?;
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

/// One kind of work on one corpus, with its own server and folder.
fn hold(root: &Path, corpus: &Corpus, race: Race<'_>, runs: usize) -> Result<()> {
    let folder = root.join("target/bench");
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let cloud = tools::Cloud::start(root, &folder)?;
    let mut environment = cloud.environment.clone();
    environment.push(("PATH".into(), path(root)));
    environment.push(("XDG_CACHE_HOME".into(), folder.join("user-cache").display().to_string()));
    let course = Course { folder: &folder, environment, runs };
    race(&course, corpus)
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
