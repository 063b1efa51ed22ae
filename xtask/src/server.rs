//! A server in the background: started, waited for, and ended by its own process id.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; ended when this is dropped.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

impl Server {
    /// Starts a server with its output in `log`.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let out = File::create(log).with_context(|| format!("writing {}", log.display()))?;
        let child = command.stdout(out.try_clone()?).stderr(out).spawn();
        Ok(Self(child.with_context(|| format!("starting {:?}", command.get_program()))?))
    }

    /// Shields a process that outlives this program from the terminal's Ctrl-C.
    pub fn of_its_own(command: &mut Command) -> &mut Command {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        command
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits until `is_ready`; fails when the server ends or takes longer than a minute.
    pub fn wait_until(&mut self, log: &Path, is_ready: impl Fn() -> bool) -> Result<()> {
        let begun = Instant::now();
        while !is_ready() {
            if let Some(status) = self.0.try_wait()? {
                let words = std::fs::read_to_string(log).unwrap_or_default();
                bail!("the server ended ({status}):\n{words}");
            }
            if begun.elapsed() > PATIENCE {
                bail!("the server was not ready after {} s, see {}", PATIENCE.as_secs(), log.display());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Leaves the server running.
    pub fn leave(self) {
        std::mem::forget(self);
    }
}

/// A loopback port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

/// Whether something listens on a loopback port.
pub fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
