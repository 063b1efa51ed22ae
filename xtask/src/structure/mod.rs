//! `cargo xtask structure`: figures of how the code hangs together, read from the sources of a checkout.

mod clones;
mod field;
mod lines;
mod modules;
mod public;
mod sources;
mod tokens;

use std::fmt::Display;
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::Result;

pub use self::modules::{Circle, Edge, Modules};
pub use self::sources::{File, Package, packages};
pub use self::tokens::{Kind, Parts, Token};

/// Options of `cargo xtask structure`.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Read this checkout in place of the one that xtask stands in
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Also name every edge of a circle, every copy and every name that nobody takes
    #[arg(long, short)]
    verbose: bool,
}

/// Prints the figures as a table in Markdown.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    let root = options.root.as_deref().unwrap_or(root);
    let packages = packages(root)?;
    let released: Vec<&Package> = packages.iter().filter(|package| package.code().next().is_some()).collect();
    writeln!(stdout(), "| figure | value |\n| --- | --- |")?;
    show_circles(&released, options.verbose)?;
    show_zips(&released)?;
    show_offers(&released, &packages, options.verbose)?;
    show_copies(&released, options.verbose)?;
    show_field(root, &packages, options.verbose)?;
    show_lines(root, &released)
}

fn row(figure: &str, value: impl Display) -> io::Result<()> {
    writeln!(stdout(), "| {figure} | {value} |")
}

fn show_circles(packages: &[&Package], verbose: bool) -> io::Result<()> {
    for package in packages {
        let modules = Modules::of(package);
        let circles = modules.circles();
        let (top, inner): (Vec<_>, Vec<_>) = circles.iter().partition(|circle| circle.is_top_level());
        let count = |circles: &[&Circle]| circles.iter().map(|circle| circle.modules.len()).sum::<usize>();
        let names: Vec<String> = circles.iter().map(|circle| circle.modules.join(" ")).collect();
        let figure = format!("{}: modules in circles, at its root / further inside", package.name);
        let value =
            format!("{} of {} / {} ({})", count(&top), modules.count(), count(&inner), names.join("; "));
        row(&figure, value)?;
        for edge in circles.iter().flat_map(|circle| &circle.edges).filter(|_| verbose) {
            writeln!(stdout(), "    {} -> {}", edge.from, edge.to)?;
            edge.places.iter().try_for_each(|place| writeln!(stdout(), "        {place}"))?;
        }
    }
    Ok(())
}

fn show_zips(packages: &[&Package]) -> io::Result<()> {
    let counts = packages.iter().map(|package| (&package.name, lines::of_package(package).zips));
    let counts: Vec<_> = counts.filter(|(_, zips)| *zips > 0).collect();
    let sum: usize = counts.iter().map(|(_, zips)| zips).sum();
    let each: Vec<String> = counts.iter().map(|(name, zips)| format!("{name} {zips}")).collect();
    row("`.zip(` outside tests", format!("{sum} ({})", each.join(", ")))
}

fn show_offers(packages: &[&Package], all: &[Package], verbose: bool) -> io::Result<()> {
    let vocabulary = public::Vocabulary::of(all);
    for package in packages {
        let offer = public::offer(package, &vocabulary);
        if offer.names.is_empty() {
            continue;
        }
        let figure = format!("{}: `pub` names / never taken outside / by tests only", package.name);
        let counts = [&offer.names, &offer.unused, &offer.by_tests_only].map(|names| names.len().to_string());
        row(&figure, counts.join(" / "))?;
        if verbose {
            let (unused, by_tests_only) = (&offer.unused, &offer.by_tests_only);
            writeln!(stdout(), "    never: {unused:?}\n    by tests only: {by_tests_only:?}")?;
        }
    }
    Ok(())
}

fn show_copies(packages: &[&Package], verbose: bool) -> io::Result<()> {
    let show = |figure: &str, copies: &[clones::Copy]| -> io::Result<()> {
        let tokens: usize = copies.iter().map(|copy| copy.tokens).sum();
        row(figure, format!("{} ({tokens} tokens)", copies.len()))?;
        for copy in copies.iter().filter(|_| verbose) {
            let (here, first) = (&copy.here, &copy.first);
            let size = copy.tokens;
            writeln!(stdout(), "    {}:{} is {}:{}, {size} tokens", here.0, here.1, first.0, first.1)?;
        }
        Ok(())
    };
    let find = |name: &str| packages.iter().find(|package| package.name == name);
    if let (Some(cli), Some(core)) = (find("cli"), find("launcher-core")) {
        let figure = format!("stretches of {} tokens and more in cli and launcher-core", clones::SHORT);
        show(&figure, &clones::copies_between(cli, core, clones::SHORT))?;
    }
    let figure = format!("stretches of {} tokens and more that stand twice", clones::LONG);
    show(&figure, &clones::copies_within(packages, clones::LONG))
}

fn show_field(root: &Path, packages: &[Package], verbose: bool) -> Result<()> {
    let files = field::files(root, packages)?;
    let rooms = field::rooms(&files);
    row(
        "files to visit to add a field to a score / folders below `src`",
        format!("{} / {}", files.len(), rooms.len()),
    )?;
    Ok(files.iter().filter(|_| verbose).try_for_each(|file| writeln!(stdout(), "    {file}"))?)
}

fn show_lines(root: &Path, packages: &[&Package]) -> Result<()> {
    let lines = packages.iter().map(|package| lines::of_package(package));
    let (code, reasons) = lines.fold((0, 0), |sum, lines| (sum.0 + lines.code, sum.1 + lines.reasons));
    row("lines of Rust outside tests", code)?;
    row("lines of the page (TypeScript, Svelte)", lines::of_page(root)?)?;
    row(
        "comments inside functions, of the lines of Rust",
        format!("{:.1} %", 100.0 * reasons as f64 / code as f64),
    )?;
    Ok(())
}
