//! moto: an S3 server that nobody of this project wrote, for the store's tests.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::server::{Server, free_port, listens};

const MOTO: &str = "moto[server]==5.2.*";

/// A running moto.
pub struct Moto {
    _server: Server,
    /// Where it is.
    pub url: String,
}

impl Moto {
    /// Installs moto under `target/peers` where it is not yet there, and starts it.
    pub fn start(root: &Path) -> Result<Self> {
        let folder = root.join("target/peers");
        let program = folder.join("bin/moto_server");
        if !program.is_file() {
            succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            succeed(Command::new(folder.join("bin/pip")).args(["install", "--quiet", MOTO]))?;
        }
        let port = free_port()?;
        let log = folder.join("moto.log");
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
