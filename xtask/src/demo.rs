//! `cargo xtask demo`: a publisher and a player on one machine, as a transcript of real commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::launcher;
use crate::sample_changes::{change, copy_folder, damage};
use crate::server::Server;
use crate::transcript::{Transcript, say};

const BUILD: &str = "target/demo/build";
const INSTALL: &str = "resources";

/// Marks an install folder as the demo's own, which the next demo may empty.
const OURS: &str = ".naru/made-by-demo";

/// Runs the demo and leaves its server running, and the launcher's window open.
pub fn run(root: &Path, is_headless: bool) -> Result<()> {
    debian::require(&["build-essential"])?;
    let naru = build_naru(root)?;
    let app = if is_headless { None } else { Some(launcher::build(root)?) };
    let begun = Instant::now();
    let place = start_afresh(root)?;
    let (server, environment) = serve(root, &naru, &place)?;
    let shown = Transcript::new(root, &naru, environment);

    first_release(&shown, root)?;
    second_release(&shown, root)?;
    damage_and_repair(&shown, root)?;
    login_and_score(&shown, root)?;

    if let Some(app) = &app {
        third_release(&shown, root)?;
        launcher::open(app, &place, &window_environment(root, &place, shown.variables()))?;
    }
    shown.naru(&["releases"])?;
    say(&format!(
        "Done in {:.0} s. The server still runs, as process {}.",
        begun.elapsed().as_secs_f64(),
        server.id()
    ));
    fs::write(place.join("naru.pid"), server.id().to_string())?;
    server.leave();
    print_next_steps();
    Ok(())
}

fn build_naru(root: &Path) -> Result<PathBuf> {
    println!("$ cargo build --package naru-cli");
    let cargo = Command::new("cargo").args(["build", "--package", "naru-cli"]).current_dir(root).status();
    if !cargo.context("starting cargo")?.success() {
        bail!("`naru` could not be built");
    }
    Ok(root.join("target/debug/naru"))
}

/// Empties what an earlier demo left, and ends it.
fn start_afresh(root: &Path) -> Result<PathBuf> {
    let place = root.join("target/demo");
    empty_install(&root.join(INSTALL))?;
    stop_earlier(&place.join("naru.pid"))?;
    if place.exists() {
        fs::remove_dir_all(&place).with_context(|| format!("emptying {}", place.display()))?;
    }
    fs::create_dir_all(&place)?;
    copy_folder(&root.join("patch"), &root.join(BUILD))?;
    fs::write(place.join("notes-1.txt"), "The first release.\n")?;
    fs::write(place.join("notes-2.txt"), "A new page, and one file less.\n")?;
    fs::write(place.join("notes-3.txt"), "[ko]\n새 파일이 하나 늘었습니다.\n[en]\nOne more file.\n")?;
    Ok(place)
}

/// Ends the server of an earlier demo, if the process of that number is still it.
fn stop_earlier(pid_file: &Path) -> Result<()> {
    let Ok(pid) = fs::read_to_string(pid_file) else {
        return Ok(());
    };
    let process = Path::new("/proc").join(pid.trim());
    let is_ours = || {
        fs::read(process.join("cmdline"))
            .is_ok_and(|line| line.windows(11).any(|part| part == b"target/demo"))
    };
    if !is_ours() {
        return Ok(());
    }
    say(&format!("Stopping the server of an earlier demo, process {}.", pid.trim()));
    Command::new("kill").arg(pid.trim()).status().context("kill")?;
    for _ in 0..100 {
        if !is_ours() {
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    bail!("process {} does not end", pid.trim());
}

/// Empties only an install folder that a demo made: another one may be a real game.
fn empty_install(install: &Path) -> Result<()> {
    fs::create_dir_all(install.join(".naru"))?;
    let is_ours = install.join(OURS).exists();
    for entry in fs::read_dir(install)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        let is_new = name == ".naru" && fs::read_dir(&path)?.next().is_none();
        if name == ".gitkeep" || is_new {
            continue;
        }
        if !is_ours {
            bail!("{} holds something that no demo put there: move it away first", install.display());
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    fs::create_dir_all(install.join(".naru"))?;
    fs::write(install.join(OURS), "")?;
    Ok(())
}

/// Starts `naru serve` on free ports, apart from this process so that it outlives it.
fn serve(root: &Path, naru: &Path, place: &Path) -> Result<(Server, Vec<(String, String)>)> {
    let arguments = [
        "serve",
        "--data",
        "target/demo/cloud",
        "--env-file",
        "target/demo/cloud.env",
        "--s3-port",
        "0",
        "--edge-port",
        "0",
        "--control-port",
        "0",
        "--services-port",
        "0",
        "--kakao-port",
        "0",
        "--invalidation-seconds",
        "2",
    ];
    println!("\n$ naru {} &", arguments.join(" "));
    let mut command = Command::new(naru);
    command.args(arguments).current_dir(root);
    let (log, env_file) = (place.join("serve.log"), place.join("cloud.env"));
    let mut server = Server::start(Server::of_its_own(&mut command), &log)?;
    let read = || fs::read_to_string(&env_file).unwrap_or_default();
    server.wait_until(&log, || read().ends_with('\n'))?;
    let text = read();
    print!("{text}");
    Ok((server, variables(&text)))
}

fn variables(text: &str) -> Vec<(String, String)> {
    let assignments = text.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    assignments.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn first_release(shown: &Transcript, root: &Path) -> Result<()> {
    say("A publisher puts the sample game out.");
    shown.naru(&["publish", BUILD, "--yes", "--notes", "target/demo/notes-1.txt"])?;
    say("A player installs it.");
    shown.naru(&["update", "--install", INSTALL])?;
    require_same(root)
}

fn second_release(shown: &Transcript, root: &Path) -> Result<()> {
    say("The game changes:");
    for line in change(&root.join(BUILD))? {
        println!("{line}");
    }
    shown.naru(&["publish", BUILD, "--yes", "--notes", "target/demo/notes-2.txt"])?;
    say("Only the change travels; a moved file is not downloaded again.");
    shown.naru(&["update", "--install", INSTALL])?;
    shown.naru(&["status", "--install", INSTALL])?;
    require_same(root)
}

fn damage_and_repair(shown: &Transcript, root: &Path) -> Result<()> {
    let damaged = damage(&root.join(INSTALL))?;
    say(&format!(
        "One byte of {} is flipped. Verifying finds it (exit code 15), repairing mends it.",
        damaged.strip_prefix(root).unwrap_or(&damaged).display()
    ));
    shown.naru_answers(&["verify", "--install", INSTALL], 15)?;
    shown.naru(&["repair", "--install", INSTALL])?;
    shown.naru(&["verify", "--install", INSTALL])?;
    require_same(root)
}

/// A login at the Kakao stand-in, one run of the installed game, and the board with its score.
fn login_and_score(shown: &Transcript, root: &Path) -> Result<()> {
    say("A player logs in, plays, and sends what he did: the services replay it and count for themselves.");
    if Command::new("node").arg("--version").output().is_err() {
        println!("(left out: it needs Node, as the game's tests do)");
        return Ok(());
    }
    let services = shown.variable("NARU_SERVICES_URL")?;
    let arguments = ["xtask/demo/player.mjs", INSTALL, services, "나루"];
    println!("\n$ node {}", arguments.join(" "));
    // Node's only words beside the player's are a warning about how it reads the game's modules.
    let node = Command::new("node").arg("--no-warnings").args(arguments).current_dir(root).status();
    if !node.context("starting node")?.success() {
        bail!("the player did not get to the board");
    }
    Ok(())
}

/// Something for the window to update to.
fn third_release(shown: &Transcript, root: &Path) -> Result<()> {
    say("Another release, which the player will be offered in the launcher's window.");
    fs::write(root.join(BUILD).join("new-in-3.txt"), "A file that release 2 did not have.\n")?;
    shown.naru(&["publish", BUILD, "--yes", "--notes", "target/demo/notes-3.txt"])
}

fn window_environment(root: &Path, place: &Path, cloud: &[(String, String)]) -> Vec<(String, String)> {
    let own = [("NARU_DATA", place.join("launcher")), ("NARU_INSTALL", root.join(INSTALL))];
    let own = own.map(|(name, path)| (name.to_owned(), path.display().to_string()));
    cloud.iter().cloned().chain(own).collect()
}

/// Checks with `diff`, as an independent tool, that the player has what the publisher has.
fn require_same(root: &Path) -> Result<()> {
    let arguments = ["-r", "--exclude=.naru", "--exclude=.gitkeep", BUILD, INSTALL];
    println!("\n$ diff {}", arguments.join(" "));
    let status = Command::new("diff").args(arguments).current_dir(root).status().context("diff")?;
    if !status.success() {
        bail!("the install folder is not the build folder");
    }
    println!("(no difference)");
    Ok(())
}

fn print_next_steps() {
    println!(
        "
Next steps, in this folder:
  . target/demo/cloud.env                     use the running server
  export PATH=\"$PWD/target/debug:$PATH\"
  naru publish target/demo/build              change something in it first
  naru update                                 into resources/
  naru rollback 1                             the first release again, under a new number
  curl -s \"$NARU_SERVICES_URL/scoreboard\"      the board; docs/accounts.md has the login by hand
  naru help                                   everything else
Stop the server with: kill $(cat target/demo/naru.pid)"
    );
}
