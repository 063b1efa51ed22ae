//! Independent programs for tests that need a second opinion: servers that the code talks to, and tools that
//! check what it serves.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::npm::npm;
use crate::server::{Server, free_port, listens};

const MOTO: &str = "moto[server]==5.2.*";
const SCHEMATHESIS: &str = "schemathesis==4.32.*";

/// A running server.
pub struct Peer {
    _server: Server,
    /// Where it is.
    pub url: String,
}

impl Peer {
    /// moto as it comes, for S3.
    pub fn moto(root: &Path) -> Result<Self> {
        let program = moto_folder(root)?.join("bin/moto_server");
        Self::start(root, "moto", |port| {
            let mut command = Command::new(program);
            command.args(["-H", "127.0.0.1", "-p", port]);
            command
        })
    }

    /// moto, answering one request after the other: its DynamoDB needs that.
    pub fn moto_in_turn(root: &Path) -> Result<Self> {
        let python = moto_folder(root)?.join("bin/python");
        Self::start(root, "moto-in-turn", |port| {
            let mut command = Command::new(python);
            command.arg(root.join("tests/peers/moto_in_turn.py")).arg(port);
            command
        })
    }

    /// dynalite, as `tests/peers/package-lock.json` names it.
    pub fn dynalite(root: &Path) -> Result<Self> {
        let program = npm_folder(root)?.join("node_modules/dynalite/cli.js");
        Self::start(root, "dynalite", |port| {
            let mut command = Command::new("node");
            command.arg(program).args(["--host", "127.0.0.1", "--createTableMs", "0", "--port", port]);
            command
        })
    }

    fn start(root: &Path, name: &str, command: impl FnOnce(&str) -> Command) -> Result<Self> {
        let port = free_port()?;
        let log = root.join("target/peers").join(format!("{name}.log"));
        let mut server = Server::start(&mut command(&port.to_string()), &log)?;
        server.wait_until(&log, || listens(port))?;
        Ok(Self { _server: server, url: format!("http://127.0.0.1:{port}") })
    }
}

/// The judge of API descriptions.
pub fn schemathesis(root: &Path) -> Result<PathBuf> {
    Ok(python_folder(root, "schemathesis", SCHEMATHESIS)?.join("bin/schemathesis"))
}

/// A folder with a certified OpenID provider in its `node_modules`.
pub fn oidc_provider(root: &Path) -> Result<PathBuf> {
    npm_folder(root)
}

fn moto_folder(root: &Path) -> Result<PathBuf> {
    python_folder(root, "moto_server", MOTO)
}

/// The Python environment under `target/peers`, with a program of PyPI in its `bin`.
fn python_folder(root: &Path, program: &str, package: &str) -> Result<PathBuf> {
    let folder = root.join("target/peers");
    let pip = folder.join("bin/pip");
    if !pip.is_file() {
        let python = format!("{package} needs Python 3 with venv (Debian: python3 python3-venv)");
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder)).context(python)?;
    }
    if !folder.join("bin").join(program).is_file() {
        succeed(Command::new(pip).args(["install", "--quiet", package]))?;
    }
    Ok(folder)
}

/// What `tests/peers` asks of npm, under `target/peers/npm`.
fn npm_folder(root: &Path) -> Result<PathBuf> {
    let (asked, folder) = (root.join("tests/peers"), root.join("target/peers/npm"));
    let lock = "package-lock.json";
    let installed = folder.join("installed-lock.json");
    let wanted = std::fs::read(asked.join(lock)).with_context(|| format!("reading {lock}"))?;
    if std::fs::read(&installed).ok().as_ref() == Some(&wanted) {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    for file in ["package.json", lock, ".npmrc"] {
        std::fs::copy(asked.join(file), folder.join(file)).with_context(|| format!("copying {file}"))?;
    }
    let mut npm = npm();
    npm.arg("--prefix").arg(&folder).args(["ci", "--no-audit", "--no-fund"]);
    succeed(&mut npm).context("the npm packages of tests/peers need Node 20 or newer with npm")?;
    // Last: an installation that was interrupted is begun again.
    std::fs::write(&installed, wanted).with_context(|| format!("writing {}", installed.display()))?;
    Ok(folder)
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("starting {:?}", command.get_program()))?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
