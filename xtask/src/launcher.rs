//! Opens the desktop app for the demo, on the user's display or on a virtual one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::npm::npm;
use crate::screen::Screen;
use crate::server::Server;
use crate::transcript::say;

/// What building the window needs.
pub const TO_BUILD: &[&str] = &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev"];

/// What showing it needs where there is no display.
pub const TO_SHOW: &[&str] = &["xvfb", "xauth", "imagemagick", "fonts-noto-cjk"];

/// What the launcher logs when its page can be seen.
const SHOWN: &str = "the page is shown";

/// Between the page's own word that it can be seen and its last picture having arrived.
const SETTLING: Duration = Duration::from_secs(3);

/// Builds the page, and the app that takes it in.
pub fn build(root: &Path) -> Result<PathBuf> {
    debian::require(TO_BUILD)?;
    shown(root, npm().args(["--prefix", "ui", "ci", "--no-audit", "--no-fund"]))?;
    shown(root, npm().args(["--prefix", "ui", "run", "build"]))?;
    shown(root, Command::new("cargo").args(["build", "--package", "naru-launcher"]))?;
    Ok(root.join("target/debug/naru-launcher"))
}

fn shown(root: &Path, command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let words = arguments.fold(program.clone(), |words, argument| format!("{words} {argument}"));
    println!("$ {words}");
    let status = command.current_dir(root).status();
    if !status.with_context(|| format!("starting {program}"))?.success() {
        bail!("`{words}` failed");
    }
    Ok(())
}

/// Opens the window and leaves it open; without a display, leaves a picture of it.
pub fn open(app: &Path, place: &Path, environment: &[(String, String)]) -> Result<()> {
    let variables = environment.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some()) {
        let mut command = Command::new(app);
        let command = Server::of_its_own(command.envs(variables));
        let launcher = Server::start(command, &place.join("launcher.log"))?;
        say(&format!("The launcher is open, as process {}: log in, update, play.", launcher.id()));
        launcher.leave();
        return Ok(());
    }
    debian::require(TO_SHOW)?;
    let picture = place.join("window.png");
    let screen = Screen::start(place)?;
    let log = place.join("launcher.log");
    let mut launcher =
        Server::start(Command::new(app).envs(variables).env("DISPLAY", &screen.display), &log)?;
    launcher.wait_until(&log, || has_shown(&place.join("launcher/logs")))?;
    sleep(SETTLING);
    let mut import = Command::new("import");
    import.args(["-window", "root"]).arg(&picture).env("DISPLAY", &screen.display);
    if !import.status().context("starting import (ImageMagick)")?.success() {
        bail!("no picture of the window could be taken");
    }
    say(&format!("There is no display: a picture of the launcher's window is in {}.", picture.display()));
    Ok(())
}

fn has_shown(logs: &Path) -> bool {
    let files = fs::read_dir(logs).into_iter().flatten().flatten();
    files.map(|file| fs::read_to_string(file.path()).unwrap_or_default()).any(|log| log.contains(SHOWN))
}
