//! `cargo xtask test`: everything, on a machine that has only Rust and Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::npm::without_secrets;
use crate::peer::{self, Peer};
use crate::steps::Steps;
use crate::tally::Tally;

const PACKAGES: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "xvfb",
    "xauth",
    "xdotool",
    "webkit2gtk-driver",
    "chromium",
    "fonts-noto-cjk",
    "strace",
    "python3",
    "python3-venv",
    // File systems without Unix modes or without case.
    "bindfs",
    "exfat-fuse",
    "exfatprogs",
    "ntfs-3g",
];

/// Checks everything; answers whether all is well. The last line counts the tests.
pub fn run(root: &Path) -> Result<bool> {
    let begun = Instant::now();
    let mut steps = Steps::new(root)?;
    let mut tally = Tally::default();
    if prepare(&mut steps)? && check_and_build(&mut steps, root)? {
        tally += run_tests(&mut steps, root)?;
    }
    println!("== all steps in {:.0} s", begun.elapsed().as_secs_f64());
    if !steps.failed().is_empty() {
        println!("   FAILED: {}", steps.failed().join(", "));
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(steps.failed().is_empty() && tally.failed == 0)
}

/// What the build needs; without it nothing else can run.
fn prepare(steps: &mut Steps) -> Result<bool> {
    if steps.check("system packages", || debian::require(PACKAGES)).is_none() {
        return Ok(false);
    }
    let npm = |steps: &Steps, arguments: &[&str]| {
        let mut command = steps.command("npm");
        without_secrets(&mut command);
        command.args(["--prefix", "ui"]).args(arguments);
        command
    };
    let mut install = npm(steps, &["ci", "--no-audit", "--no-fund"]);
    if !steps.run("ui install", &mut install)?.1 {
        return Ok(false);
    }
    for task in ["lint", "check"] {
        let mut command = npm(steps, &["run", task]);
        steps.run(&format!("ui {task}"), &mut command)?;
    }
    // Its tests look at the page with a mock in the launcher's place, which nothing that ships has in it.
    let mut mock = npm(steps, &["run", "build:mock"]);
    steps.run("ui build with the mock", &mut mock)?;
    // The desktop app takes the built page in when it is compiled.
    let mut build = npm(steps, &["run", "build"]);
    Ok(steps.run("ui build", &mut build)?.1)
}

fn check_and_build(steps: &mut Steps, root: &Path) -> Result<bool> {
    cargo(steps, "format", &["fmt", "--all", "--check"])?;
    cargo(steps, "lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])?;
    // With the tests: alone, the programs would be built with other features of the same libraries,
    // and all of those a second time for the tests.
    let (_, is_built) = cargo(steps, "build", &["build", "--workspace", "--all-targets"])?;
    if is_built {
        steps.check("naru needs no window system", || refuse_window_libraries(root));
    }
    Ok(is_built)
}

fn cargo(steps: &mut Steps, name: &str, arguments: &[&str]) -> Result<(String, bool)> {
    let mut command = steps.command("cargo");
    steps.run(name, command.args(arguments))
}

fn refuse_window_libraries(root: &Path) -> Result<()> {
    let output = Command::new("ldd").arg(root.join("target/debug/naru")).output().context("ldd")?;
    let libraries = String::from_utf8_lossy(&output.stdout).to_lowercase();
    if !output.status.success() {
        bail!("ldd: {}", String::from_utf8_lossy(&output.stderr));
    }
    for word in ["webkit", "gtk", "x11", "wayland"] {
        if libraries.contains(word) {
            bail!("`naru` is linked with {word}:\n{libraries}");
        }
    }
    Ok(())
}

fn run_tests(steps: &mut Steps, root: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    let moto = steps.check("independent S3 server", || Peer::moto(root));
    let in_turn = steps.check("independent DynamoDB server, moto", || Peer::moto_in_turn(root));
    let dynalite = steps.check("independent DynamoDB server, dynalite", || Peer::dynalite(root));
    let mut tests = steps.command("cargo");
    tests.args(["test", "--workspace", "--no-fail-fast"]);
    let names = ["NARU_TEST_S3_ENDPOINT", "NARU_TEST_MOTO", "NARU_TEST_DYNALITE"];
    for (name, peer) in names.into_iter().zip([&moto, &in_turn, &dynalite]) {
        if let Some(peer) = peer {
            tests.env(name, &peer.url);
        }
    }
    tally += Tally::of_cargo(&steps.run("cargo test", &mut tests)?.0);
    drop((in_turn, dynalite));
    if let Some(moto) = &moto {
        let mut engine = steps.command("cargo");
        engine.args(["test", "--workspace", "--test", "over_independent_s3"]);
        engine.env("NARU_TEST_S3_ENDPOINT", &moto.url);
        tally += Tally::of_cargo(&steps.run("engine over an independent S3 server", &mut engine)?.0);
    }
    drop(moto);
    tally += check_services(steps, root)?;

    let mut game = node_tests(steps, root, "tests/game")?;
    tally += Tally::of_node(&steps.run("game tests", &mut game)?.0);
    let mut page = node_tests(steps, root, "ui/tests")?;
    tally += Tally::of_node(&steps.run("page tests", &mut page)?.0);
    let mut foreign = node_tests(steps, root, "tests/web")?;
    tally += Tally::of_node(&steps.run("foreign web pages", &mut foreign)?.0);
    let mut window = window_tests(steps, root)?;
    tally += Tally::of_node(&steps.run("window tests", &mut window)?.0);
    Ok(tally)
}

/// Goes through the window and keeps pictures of it.
pub fn take_screenshots(root: &Path) -> Result<bool> {
    debian::require(PACKAGES)?;
    crate::launcher::build(root)?;
    let mut steps = Steps::new(root)?;
    cargo(&mut steps, "build", &["build", "--package", "naru-cli"])?;
    let mut window = window_tests(&steps, root)?;
    window.env("NARU_SCREENSHOTS", root.join("docs/screenshots"));
    let (_, is_done) = steps.run("screenshots", &mut window)?;
    Ok(is_done)
}

/// The real window, on a virtual screen.
fn window_tests(steps: &Steps, root: &Path) -> Result<Command> {
    let mut tests = steps.command("xvfb-run");
    tests.args(["-a", "-s", "-screen 0 1280x800x24", "node"]);
    tests.args(["--test", "--test-concurrency=1", "--test-reporter=tap"]);
    tests.args(test_files(root, "tests/window")?);
    Ok(tests)
}

fn node_tests(steps: &Steps, root: &Path, folder: &str) -> Result<Command> {
    let mut node = steps.command("node");
    node.args(["--test", "--test-reporter=tap"]).args(test_files(root, folder)?);
    Ok(node)
}

/// The services before judges that others wrote.
fn check_services(steps: &mut Steps, root: &Path) -> Result<Tally> {
    let judges = steps.check("independent judges of the services", || {
        Ok((peer::schemathesis(root)?, peer::oidc_provider(root)?))
    });
    let Some((schemathesis, oidc_provider)) = judges else {
        return Ok(Tally::default());
    };
    let mut tests = steps.command("cargo");
    tests.args(["test", "--workspace", "--test", "services", "--test", "accounts", "--", "--ignored"]);
    tests.env("NARU_SCHEMATHESIS", schemathesis).env("NARU_OIDC_PROVIDER", oidc_provider);
    Ok(Tally::of_cargo(&steps.run("services before independent judges", &mut tests)?.0))
}

/// The files themselves: what `node --test` makes of a folder differs between its versions.
fn test_files(root: &Path, folder: &str) -> Result<Vec<PathBuf>> {
    let folder = root.join(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if [".test.mjs", ".test.js"].iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        bail!("{} has no test", folder.display());
    }
    Ok(files)
}
