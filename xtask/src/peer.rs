//! Programs that nobody of this project wrote, for the tests that need a second opinion.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::server::{Server, free_port, listens};

const MOTO: &str = "moto[server]==5.2.*";
const SCHEMATHESIS: &str = "schemathesis==4.32.*";
const OIDC_PROVIDER: &str = "oidc-provider@9";

/// Installs a program of PyPI under `target/peers` where it is not yet there.
fn python_program(root: &Path, name: &str, package: &str) -> Result<PathBuf> {
    let folder = root.join("target/peers");
    let (program, pip) = (folder.join("bin").join(name), folder.join("bin/pip"));
    if !pip.is_file() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    if !program.is_file() {
        succeed(Command::new(pip).args(["install", "--quiet", package]))?;
    }
    Ok(program)
}

/// The checker of API descriptions.
pub fn schemathesis(root: &Path) -> Result<PathBuf> {
    python_program(root, "schemathesis", SCHEMATHESIS)
}

/// A folder with a certified OpenID provider in its `node_modules`.
pub fn oidc_provider(root: &Path) -> Result<PathBuf> {
    let folder = root.join("target/peers/oidc-provider");
    if !folder.join("node_modules/oidc-provider").is_dir() {
        std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&folder).arg(OIDC_PROVIDER);
        succeed(&mut npm)?;
    }
    Ok(folder)
}

/// A running moto: an S3 server.
pub struct Moto {
    _server: Server,
    /// Where it is.
    pub url: String,
}

impl Moto {
    /// Installs moto under `target/peers` where it is not yet there, and starts it.
    pub fn start(root: &Path) -> Result<Self> {
        let program = python_program(root, "moto_server", MOTO)?;
        let port = free_port()?;
        let log = root.join("target/peers/moto.log");
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let mut server = Server::start(&mut command, &log)?;
        server.wait_until(&log, || listens(port))?;
        Ok(Self { _server: server, url: format!("http://127.0.0.1:{port}") })
    }
}

fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("starting {:?}", command.get_program()))?;
    if !output.status.success() {
        bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
