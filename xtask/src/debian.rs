//! System packages that the build and the tests need.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Installs the missing ones of the given Debian packages, or says exactly what to install.
pub fn require(packages: &[&str]) -> Result<()> {
    if !runs("dpkg-query", &["--version"]) {
        println!("This is no Debian system. Needed are the equivalents of: {}", packages.join(" "));
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let Some(prefix) = becoming_root() else {
        bail!(
            "these packages are missing, and this user can't install them: run\n  \
             apt-get update && apt-get install -y --no-install-recommends {list}\nas root, then run this again"
        );
    };
    println!("installing {list}");
    apt(&prefix, &["update", "-q"])?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(missing);
    apt(&prefix, &install)
}

fn is_installed(package: &str) -> bool {
    let asked =
        Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).stderr(Stdio::null()).output();
    asked.is_ok_and(|answer| answer.stdout == b"install ok installed")
}

/// What a command of root begins with; `None` where this user can't become root without a question.
fn becoming_root() -> Option<Vec<&'static str>> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(Vec::new());
    }
    runs("sudo", &["-n", "true"]).then(|| vec!["sudo", "-n"])
}

fn apt(prefix: &[&str], arguments: &[&str]) -> Result<()> {
    let mut words: Vec<&str> = prefix.to_vec();
    words.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    words.extend(arguments);
    let output = Command::new(words[0]).args(&words[1..]).output().context("apt-get")?;
    if !output.status.success() {
        bail!("`{}` failed:\n{}", words.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let ended = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|status| status.success())
}
