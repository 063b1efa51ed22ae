//! What README and CI call: `cargo xtask demo` and `cargo xtask test`.

mod bench;
mod debian;
mod demo;
mod dist;
mod faults;
mod launcher;
mod npm;
mod peer;
mod sample_changes;
mod screen;
mod server;
mod steps;
mod tally;
mod test;
mod transcript;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use xtask::structure;

/// Tasks of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
enum Task {
    /// Publish the sample game on this machine, install, update and repair it, and open the launcher
    Demo {
        /// Open no window
        #[arg(long)]
        headless: bool,
    },
    /// Race Naru against the programs that do the same work: on real games, and its window against an empty one
    Bench(bench::Options),
    /// Make installable packages of the launcher from a branding folder
    Dist(dist::Options),
    /// Kill, starve and race Naru at every system call, and count what survives
    Faults(faults::Options),
    /// Go through the launcher's window as a player and a publisher do, and keep pictures of it
    Screenshots,
    /// Print figures of how the code hangs together: circles, copies, unused public names
    Structure(structure::Options),
    /// Check everything: page, format, lints, build, all tests
    Test,
}

fn main() -> ExitCode {
    let root = root();
    let ended = match Task::parse() {
        Task::Demo { headless } => demo::run(&root, headless).map(|()| true),
        Task::Bench(options) => bench::run(&root, &options).map(|()| true),
        Task::Dist(options) => dist::run(&root, &options).map(|()| true),
        Task::Faults(options) => faults::run(&root, &options),
        Task::Screenshots => test::take_screenshots(&root),
        Task::Structure(options) => structure::run(&root, &options).map(|()| true),
        Task::Test => test::run(&root),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The repository: the folder above this package.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}
